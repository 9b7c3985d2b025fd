import assert from "node:assert/strict";
import { readTime } from "../../lib/crypto/token_time.ts";
import { encrypt, generateKey, importKey } from "../../lib/fernet.ts";
import { pureTest } from "../support/pure.ts";

pureTest("readTime() reads the time that a token was made at", async () => {
  const key = await importKey(generateKey());
  for (const now of [0, 1785571200, 2 ** 40]) {
    assert.equal(readTime(await encrypt(key, new Uint8Array(), { now })), now);
  }
});

pureTest("readTime() reads none where a token is cut, or is none", () => {
  const token = "gAAAAABqbaeARERERERERERERERERERERM2x";
  for (let length = 0; length < token.length; length++) {
    assert.equal(readTime(token.slice(0, length)), length < 12 ? undefined : 1785571200);
  }
  for (const text of ["hello", "hAAAAABqbaeA", "g\n AAAABqbaeA", "!HELLO 1 abcdef"]) {
    assert.equal(readTime(text), undefined, text);
  }
});
