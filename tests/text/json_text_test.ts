import fc from "fast-check";
import assert from "node:assert/strict";
import { formatJsonLine } from "../../lib/text/json_text.ts";
import { sanitize } from "../../lib/text/sanitize.ts";
import { anyCharacter, textOf } from "../support/arbitrary_text.ts";
import { pureTest } from "../support/pure.ts";

pureTest("formatJsonLine() keeps every text, on a line that is safe to show", () => {
  fc.assert(fc.property(textOf(anyCharacter, 40), (text) => {
    const line = formatJsonLine({ text });
    assert.deepEqual(JSON.parse(line), { text });
    assert.equal(sanitize(line.slice(0, -1)), line.slice(0, -1));
  }));
});

pureTest("formatJsonLine() escapes what a terminal obeys or hides", () => {
  const cases: [string, string][] = [
    ["\x1b[2J\x9b\x7f", "\\u001b[2J\\u009b\\u007f"],
    ["\u2028\u2029\u202e\u200b\ufeff", "\\u2028\\u2029\\u202e\\u200b\\ufeff"],
    ["\u{e0041}", "\\udb40\\udc41"],
    ["\ud800", "\\ud800"],
    ["a" + "\u0301".repeat(10), "a" + "\u0301".repeat(8) + "\\u0301\\u0301"],
    ["é 你好 🎉", "é 你好 🎉"],
  ];
  for (const [text, written] of cases) {
    assert.equal(formatJsonLine([text]), `["${written}"]\n`);
  }
});
