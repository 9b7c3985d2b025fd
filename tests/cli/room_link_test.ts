import assert from "node:assert/strict";
import { formatRoomLink, isRoomLink, parseRoomLink } from "../../lib/cli/room_link.ts";
import { pureTest } from "../support/pure.ts";

const code = { slot: "acorn", password: "cable-dwarf-ship" };

pureTest("formatRoomLink() writes what parseRoomLink() reads", async () => {
  const links = [
    [{ hostname: "192.168.1.20", port: 5050, code }, "192.168.1.20:5050"],
    [{ hostname: "::1", port: 5050, code }, "[::1]:5050"],
    [{ hostname: "fe80::1%eth0", port: 1, code }, "[fe80::1%eth0]:1"],
    [{ hostname: "chat.example", port: 65_535, code }, "chat.example:65535"],
  ] as const;
  for (const [link, place] of links) {
    const text = `chatroom://${place}/#acorn-cable-dwarf-ship`;
    assert.equal(formatRoomLink(link), text);
    assert.deepEqual(await parseRoomLink(text), link);
    assert.ok(isRoomLink(text));
  }
});

pureTest("formatRoomLink() and parseRoomLink() tell how a server is reached over TLS", async () => {
  const at = { hostname: "192.168.1.20", port: 5051, code };
  const links = [
    [{ ...at, tls: { name: undefined } }, ""],
    [{ ...at, tls: { name: "chat.example.org" } }, "chat.example.org"],
  ] as const;
  for (const [link, name] of links) {
    const text = `chatrooms://192.168.1.20:5051/${name}#acorn-cable-dwarf-ship`;
    assert.equal(formatRoomLink(link), text);
    assert.deepEqual(await parseRoomLink(text), link);
    assert.deepEqual(await parseRoomLink(text.replace("#", "/#")), link);
    assert.ok(isRoomLink(text));
  }
  await assert.rejects(parseRoomLink("chatrooms://::1/a_b:5#acorn-cable-dwarf-ship"), {
    name: "UsageError",
  });
});

pureTest("parseRoomLink() takes a link as people copy it", async () => {
  for (
    const text of [
      " chatroom://127.0.0.1:5050/#acorn-cable-dwarf-ship\n",
      "CHATROOM://127.0.0.1:5050/#Acorn-Cable-Dwarf-Ship",
      "chatroom://127.0.0.1:5050#acorn%20cable dwarf%20ship",
    ]
  ) {
    assert.deepEqual(await parseRoomLink(text), { hostname: "127.0.0.1", port: 5050, code });
    assert.ok(isRoomLink(text));
  }
});

pureTest("parseRoomLink() refuses what is no link", async () => {
  for (
    const text of [
      "",
      "chatroom://",
      "http://127.0.0.1:5050/#acorn-cable-dwarf-ship",
      "chatroom://127.0.0.1/#acorn-cable-dwarf-ship",
      "chatroom://127.0.0.1:5050/acorn-cable-dwarf-ship",
      "chatroom://127.0.0.1:5050/room#acorn-cable-dwarf-ship",
      "chatroom://::1:5050/#acorn-cable-dwarf-ship",
    ]
  ) {
    await assert.rejects(parseRoomLink(text), {
      name: "UsageError",
      message: `Not a link to a room: ${JSON.stringify(text)}`,
      hint: "A link looks like chatroom://127.0.0.1:5050/#....",
    });
  }
});

pureTest("parseRoomLink() refuses parts as they are refused elsewhere", async () => {
  const refusals = [
    ["chatroom://1.2.3.400:5050/#acorn-cable-dwarf-ship", /Not an address/],
    ["chatroom://127.0.0.1:0/#acorn-cable-dwarf-ship", /Port 0 cannot be connected to/],
    ["chatroom://127.0.0.1:70000/#acorn-cable-dwarf-ship", /Not a port/],
    ["chatroom://127.0.0.1:5050/#acorn-cable-dwarf-shipp", /Not a word of invitation codes/],
    ["chatroom://127.0.0.1:5050/#", /Not an invitation code/],
  ] as const;
  for (const [text, message] of refusals) await assert.rejects(parseRoomLink(text), message);
});

pureTest("isRoomLink() tells a link from a code", () => {
  assert.equal(isRoomLink("acorn-cable-dwarf-ship"), false);
  assert.equal(isRoomLink("192.168.1.20"), false);
});
