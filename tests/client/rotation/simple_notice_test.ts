import assert from "node:assert/strict";
import { tellSimpleClients } from "../../../lib/client/rotation/simple_notice.ts";
import { decrypt, generateKey, importKey } from "../../../lib/fernet.ts";
import { SAY } from "../../support/fake_chat.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("tellSimpleClients() writes plain text under the key that the room has left", async () => {
  const key = await importKey(generateKey());
  const parent = { number: 3, mark: new Uint8Array(32) };
  const own: string[] = [];
  const lines: string[] = [];
  const parts = {
    keys: {
      writing: (under?: object) => {
        assert.equal(under, parent);
        return Promise.resolve({ key, now: 1000 } as never);
      },
    },
    author: { nickname: "alice" },
    reader: { noteOwn: (token: string) => void own.push(token) },
    say: SAY,
  };
  const write = (bytes: Uint8Array) => {
    lines.push(new TextDecoder().decode(bytes));
    return Promise.resolve();
  };
  await tellSimpleClients(parts, { write }, parent);
  assert.deepEqual(lines, [`${own[0]}\n`]);
  const text = new TextDecoder().decode((await decrypt(key, own[0]!, { now: 1000 })).plaintext);
  assert.match(text, /^<alice> the room has a new key: .* chat-client key --today prints$/);
  // A connection that is lost takes nothing with it.
  await tellSimpleClients(parts, { write: () => Promise.reject(new Error("gone")) }, parent);
});
