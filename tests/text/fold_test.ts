import fc from "fast-check";
import assert from "node:assert/strict";
import { foldText } from "../../lib/text/fold.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

pureTest("foldText() makes one what differs in case or form alone", () => {
  const pairs = [["Straße", "STRASSE"], ["ΑΣ", "ας"], ["ﬁ", "FI"], ["ı", "I"], ["Ａ", "a"]];
  for (const [a, b] of pairs) assert.equal(foldText(a!), foldText(b!), `${a} ${b}`);
  assert.notEqual(foldText("bob"), foldText("bоb"));
});

pureTest("foldText() changes nothing more when it is done twice", () => {
  fc.assert(fc.property(textOf(anyCharacter, 20), (text) => {
    assert.equal(foldText(foldText(text)), foldText(text));
  }));
});
