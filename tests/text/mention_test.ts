import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { foldText } from "../../lib/text/fold.ts";
import { findMentions, MAX_MENTION_CHARS } from "../../lib/text/mention.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

/** Whether a text names somebody at all. */
function isMentioned(text: string, nickname: string): boolean {
  return findMentions(text, nickname).length > 0;
}

pureTest("findMentions() finds a nickname that is a word of its own", () => {
  const cases: [string, string][] = [
    ["alice", "alice"],
    ["Alice: look", "alice"],
    ["(ALICE)", "alice"],
    ["what does alice's cat do", "alice"],
    ["malice, alice", "alice"],
    ["STRASSE?", "straße"],
    ["ask bob!", "bob!"],
    ["bob!x", "bob!"],
    ["c++11", "c++"],
    ["thanks😀2", "😀"],
    ["I \u2764\ufe0f it", "\u2764"],
    ["a\u00adlice", "alice"],
    ["田中さん、どうぞ", "田中"],
    ["ala la", "la"],
  ];
  for (const [text, nickname] of cases) assert.ok(isMentioned(text, nickname), text);
});

pureTest("findMentions() does not find it in another word", () => {
  const cases: [string, string][] = [
    ["malice", "alice"],
    ["alices", "alice"],
    ["alice2", "alice"],
    ["alice_", "alice"],
    ["alice\u0323", "alice"],
    ["snake_case", "_"],
    ["👍🏽", "👍"],
    ["", "alice"],
    ["any", ""],
  ];
  for (const [text, nickname] of cases) assert.ok(!isMentioned(text, nickname), text);
});

pureTest("findMentions() finds any name between spaces, whatever is around", () => {
  const name = textOf(anyCharacter, 8)
    .filter((text) => /^[[\p{L}\p{P}\p{N}]--\p{Default_Ignorable_Code_Point}]+$/v.test(text));
  const around = textOf(anyCharacter, 20);
  fc.assert(fc.property(around, name, around, (before, nickname, after) => {
    assert.ok(isMentioned(`${before} ${nickname} ${after}`, nickname));
  }));
});

pureTest("findMentions() takes moments for the longest text", () => {
  const started = performance.now();
  assert.ok(!isMentioned("a".repeat(MAX_TEXT_BYTES), "a"));
  assert.ok(!isMentioned("a".repeat(MAX_TEXT_BYTES), "a".repeat(32)));
  assert.ok(performance.now() - started < 2000);
});

pureTest("findMentions() tells where, whatever folding does to the length", () => {
  const cases: [text: string, nickname: string, mentioned: string[]][] = [
    ["alice, Alice and malice", "alice", ["alice", "Alice"]],
    ["😀 hi STRASSE, straße", "Straße", ["STRASSE", "straße"]],
    ["ﬁne: a ﬁ. FI", "fi", ["ﬁ", "FI"]],
    ["to ＡＬＩＣＥ!", "alice", ["ＡＬＩＣＥ"]],
    ["a\u00adlice is here", "alice", ["a\u00adlice"]],
    ["I \u2764\ufe0f it", "\u2764", ["\u2764\ufe0f"]],
    ["e\u0301va, éva", "éva", ["e\u0301va", "éva"]],
    ["ala la la", "la", ["la", "la"]],
    ["bob bob", "bob bob", ["bob bob"]],
    ["𝐁𝐎𝐁 and bob", "bob", ["𝐁𝐎𝐁", "bob"]],
  ];
  for (const [text, nickname, mentioned] of cases) {
    const found = findMentions(text, nickname).map(([from, to]) => text.slice(from, to));
    assert.deepEqual(found, mentioned, text);
  }
});

pureTest("findMentions() gives ranges in order that are the nickname once folded", () => {
  const name = textOf(anyCharacter, 4).filter((text) => /^[\p{L}\p{N}]+$/u.test(text));
  const text = fc.array(fc.oneof(name, textOf(anyCharacter, 4)), { maxLength: 8 });
  fc.assert(fc.property(text, name, (parts, nickname) => {
    const whole = [...parts, nickname, ...parts].join(" ");
    let end = 0;
    for (const [from, to] of findMentions(whole, nickname)) {
      assert.ok(from >= end && to > from && to <= whole.length);
      const shown = whole.slice(from, to).replace(/\p{Default_Ignorable_Code_Point}/gu, "");
      assert.ok(foldText(shown).includes(foldText(nickname)));
      end = to;
    }
  }));
});

pureTest("findMentions() looks at the first 4,000 characters", () => {
  const before = "x ".repeat(MAX_MENTION_CHARS / 2 - 3);
  assert.deepEqual(findMentions(`${before}bob ok ${before}bob`, "bob").length, 1);
  for (const ahead of [2, 3, 4, 5]) {
    // The cut goes through the word, or stands right behind it.
    const text = `${"x".repeat(MAX_MENTION_CHARS - ahead - 1)} bobby and more`;
    assert.deepEqual(findMentions(text, "bob"), [], `${ahead}`);
  }
});
