import assert from "node:assert/strict";
import { guessWord } from "../../lib/text/spelling.ts";
import { pureTest } from "../support/pure.ts";

pureTest("guessWord() recognizes a word with two slips, and none with three", () => {
  const known = ["reconnect", "key"];
  for (const word of ["reconect", "recconect", "RECONNECT", "--no-reconect", "reconnetc"]) {
    assert.equal(guessWord(word, known), "reconnect");
  }
  assert.equal(guessWord("rekonekt", known), undefined);
  assert.equal(guessWord("key", known), "key");
  assert.equal(guessWord("kxy", known), "key");
  assert.equal(guessWord("xxy", known), undefined);
});

pureTest("guessWord() compares no word of more than 64 characters", () => {
  const [fits, isLonger] = ["a".repeat(64), "a".repeat(65)];
  assert.equal(guessWord(fits, [`${fits}b`]), `${fits}b`);
  assert.equal(guessWord(isLonger, [isLonger]), undefined);
});
