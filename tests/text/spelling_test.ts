import fc from "fast-check";
import assert from "node:assert/strict";
import { CLIENT_SPEC } from "../../lib/cli/client_spec.ts";
import { listSettings } from "../../lib/cli/spec.ts";
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

pureTest("guessWord() finds a word again after one slip", () => {
  const names = listSettings(CLIENT_SPEC).map(({ name }) => name).filter((name) => name.length > 4);
  fc.assert(fc.property(fc.constantFrom(...names), fc.nat(), (name, place) => {
    const i = place % name.length;
    for (
      const slip of [name.slice(0, i) + name.slice(i + 1), `${name.slice(0, i)}x${name.slice(i)}`]
    ) {
      assert.equal(guessWord(slip, names), name);
    }
  }));
});

pureTest("guessWord() guesses nothing that is far off, and nothing from no words", () => {
  assert.equal(guessWord("quit", ["names", "whois"]), undefined);
  assert.equal(guessWord("", ["names"]), undefined);
  assert.equal(guessWord("quit", []), undefined);
});
