import assert from "node:assert/strict";
import { CODE_WORDS } from "../../lib/text/code_words.ts";
import { pureTest } from "../support/pure.ts";

pureTest("CODE_WORDS are the EFF's 1,296 words without yo-yo", async () => {
  assert.equal(CODE_WORDS.length, 1295);
  assert.equal(new Set(CODE_WORDS).size, 1295);
  for (const word of CODE_WORDS) assert.match(word, /^[a-z]{3,5}$/);
  assert.deepEqual(CODE_WORDS, CODE_WORDS.toSorted());
  const bytes = new TextEncoder().encode(CODE_WORDS.join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  assert.equal(digest.toHex(), "d2ee5adec14a5e9a63ab145e169bbb052091c4d8b5fae9d36a55099f76cf3072");
});
