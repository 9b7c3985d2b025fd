import fc from "fast-check";
import assert from "node:assert/strict";
import { parseNickname } from "../../lib/protocol/nickname.ts";
import { sanitize } from "../../lib/text/sanitize.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

const hostileText = textOf(
  fc.oneof(
    fc.constantFrom(..."\0\t\n\r\x1b\x7f\x85\x9b\u2028\u202e\u2066\u200b\u200c\u200d\ufe0e\ufe0f"),
    fc.constantFrom(..."a1 #😀❤🏽🇫क्षमیخ\u0301\u0489\u20e3\u00ad\ufeff\u3164\u2800\u{e0041}"),
    anyCharacter,
  ),
  40,
);

pureTest("sanitize() changes nothing in what it returned", () => {
  assert.equal(sanitize("a\ufe0f\u200d😀"), "a😀");
  fc.assert(
    fc.property(hostileText, (text) => assert.equal(sanitize(sanitize(text)), sanitize(text))),
    { numRuns: 20_000 },
  );
});

pureTest("sanitize() limits the marks of a pile with joiners in it", () => {
  for (const [letter, mark] of [["क", "\u0900"], ["ب", "\u06d6"]]) {
    for (const joiner of ["\u200c", "\u200d"]) {
      const shown = sanitize(letter + (mark + joiner).repeat(1000) + letter);
      assert.ok([...shown.matchAll(/\p{M}/gu)].length <= 8, `${[...shown].length} are left`);
    }
  }
});

pureTest("sanitize() keeps the words of Burmese and the chillus of Malayalam", () => {
  for (const text of ["လျှော့", "လျှော်", "അവന്\u200d", "അവന്\u200d വന്നു"]) {
    assert.equal(sanitize(text), text, JSON.stringify(text));
  }
});

pureTest("parseNickname() refuses a nickname that sanitize() would change", () => {
  for (const name of ["\u2800", "a\u2800b", "a" + "\u0301".repeat(12)]) {
    assert.throws(() => parseNickname(name), { name: "ChatError" }, JSON.stringify(name));
  }
});
