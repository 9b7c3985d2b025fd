import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { MAX_ROOM_NAME_CHARS } from "../../lib/storage/limits.ts";
import {
  parseNewRoomName,
  parseRoomName,
  proposeRoomName,
  RESERVED_NAMES,
} from "../../lib/storage/room_name.ts";
import { pureTest } from "../support/pure.ts";

const LONGEST = "r".repeat(MAX_ROOM_NAME_CHARS);

pureTest("parseRoomName() takes names that are safe on every file system, in lower case", () => {
  for (const name of ["a", "7", "friends", "192.168.1.20", "a-b_c.d", "console", LONGEST]) {
    assert.equal(parseRoomName(name), name);
    assert.equal(parseRoomName(name.toUpperCase()), name);
  }
  const others = ["", ".", "..", "-a", "a.", "_", "a/b", "../a", "a\\b", "a b", "é", "a\n", "a\0b"];
  const devices = ["con", "CON", "nul.txt", "com1", "lpt9.a"];
  for (const text of [...others, ...devices, "\u212a", `${LONGEST}r`]) {
    assert.equal(parseRoomName(text), undefined, JSON.stringify(text));
  }
});

pureTest("parseNewRoomName() says which names can be used, and which are commands", () => {
  assert.equal(parseNewRoomName("Friends"), "friends");
  assert.throws(() => parseNewRoomName("../a"), {
    name: "UsageError",
    message: 'Not a name for a room: "../a"',
    hint: "Use up to 40 letters from a to z, digits, and - _ . between them.",
  });
  for (const name of ["rooms", "identity", "admission", "invite", "join", "Join"]) {
    assert.throws(() => parseNewRoomName(name), {
      name: "UsageError",
      message: `Not a name for a room: ${JSON.stringify(name)}`,
      hint: "It is a command of chat-client: choose another name.",
    });
  }
});

pureTest("no room can be called as a command of the client is", () => {
  for (const { name } of CLIENT_SPEC.commands!) assert.ok(RESERVED_NAMES.includes(name), name);
});

pureTest("proposeRoomName() makes a name of every host, and another each time", () => {
  const names: [hostname: string, first: string, second: string][] = [
    ["192.168.1.20", "192.168.1.20", "192.168.1.20-2"],
    ["Chat.Example.org.", "chat.example.org", "chat.example.org-2"],
    ["fe80::1%eth0", "fe80-1-eth0", "fe80-1-eth0-2"],
    ["::1", "room-1", "room-1-2"],
    ["::", "room", "room-2"],
    ["nul", "room", "room-2"],
    ["join", "join-room", "join-room-2"],
    ["r".repeat(60), LONGEST, `${"r".repeat(MAX_ROOM_NAME_CHARS - 2)}-2`],
    [
      `${"r".repeat(MAX_ROOM_NAME_CHARS - 1)}.x`,
      "r".repeat(MAX_ROOM_NAME_CHARS - 1),
      `${"r".repeat(MAX_ROOM_NAME_CHARS - 2)}-2`,
    ],
  ];
  for (const [hostname, first, second] of names) {
    assert.equal(proposeRoomName(hostname, 1), first);
    assert.equal(proposeRoomName(hostname, 2), second);
    for (const name of [first, second]) assert.equal(parseNewRoomName(name), name);
  }
});
