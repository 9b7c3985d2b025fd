import assert from "node:assert/strict";
import { describeRooms, guide } from "../../lib/cli/guidance.ts";
import { sayIn } from "../../lib/messages/say.ts";
import { SAY } from "../support/fake_chat.ts";
import { testNeeding } from "../support/needs.ts";
import { withDirectory } from "../support/temporary.ts";

testNeeding(
  ["read"],
  "guide() says in five lines how to begin, in the reader's language",
  async () => {
    assert.deepEqual(await guide(() => undefined, "linux", SAY), [
      "You are in no room yet. There are three ways to begin:",
      "  with a code from a friend   chat-client join",
      "  with a friend's secret.key  chat-client rooms add friends <ip> <port>",
      "  with a server of your own   chat-server 0.0.0.0 5050",
      "See chat-client --help.",
    ]);
    const french = await guide(() => undefined, "linux", sayIn("fr"));
    assert.equal(french.length, 5);
    assert.match(french[0]!, /^Vous n’êtes encore dans aucun salon\./);
  },
);

testNeeding(
  ["read", "write"],
  "describeRooms() shows rooms as far as they can be read",
  async () => {
    await withDirectory(async (directory) => {
      const rooms = {
        a: '{"ip": "::1", "port": 5050, "nick": "al\\u001bice"}',
        b: '{"ip": 7, "port": "x"}',
        longer: "{",
      };
      for (const [name, text] of Object.entries(rooms)) {
        await Deno.mkdir(`${directory}/${name}`);
        await Deno.writeTextFile(`${directory}/${name}/room.json`, text, { mode: 0o600 });
      }
      assert.deepEqual(await describeRooms(directory, SAY), [
        "  a       [::1]:5050 as al␛ice",
        "  b       without an address",
        `  longer  Cannot load settings: ${directory}/longer/room.json is not a JSON object`,
      ]);
      assert.deepEqual(await describeRooms(undefined, SAY), []);
      assert.deepEqual(await describeRooms(`${directory}/none`, SAY), []);
    });
  },
);
