import fc from "fast-check";
import assert from "node:assert/strict";
import { isMentioned } from "../../lib/chat/mention.ts";
import { MAX_TEXT_BYTES } from "../../lib/protocol/limits.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

pureTest("isMentioned() finds a nickname that is a word of its own", () => {
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

pureTest("isMentioned() does not find it in another word", () => {
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

pureTest("isMentioned() finds any name between spaces, whatever is around", () => {
  const name = textOf(anyCharacter, 8).filter((text) => /^[\p{L}\p{P}\p{N}]+$/u.test(text));
  const around = textOf(anyCharacter, 20);
  fc.assert(fc.property(around, name, around, (before, nickname, after) => {
    assert.ok(isMentioned(`${before} ${nickname} ${after}`, nickname));
  }));
});

pureTest("isMentioned() takes moments for the longest text", () => {
  const started = performance.now();
  assert.ok(!isMentioned("a".repeat(MAX_TEXT_BYTES), "a"));
  assert.ok(!isMentioned("a".repeat(MAX_TEXT_BYTES), "a".repeat(32)));
  assert.ok(performance.now() - started < 2000);
});
