import fc from "fast-check";
import assert from "node:assert/strict";
import { fitRow, layOutPrompt } from "../../../lib/terminal/screen/prompt_layout.ts";
import type { Span } from "../../../lib/terminal/screen/prompt_view.ts";
import { textWidth } from "../../../lib/text/cluster.ts";
import { pureTest } from "../../support/pure.ts";

const PROMPT: readonly Span[] = [{ text: "> ", style: "prompt" }];

function rowsOf(
  text: string,
  { cursor = text.length, columns = 10, maxRows = 9, prompt = PROMPT } = {},
): [rows: string[], cursor: [row: number, column: number]] {
  const view = layOutPrompt({ prompt, text, cursor, columns, maxRows });
  const rows = view.rows.map((row) => row.map((span) => span.text).join(""));
  return [rows, [view.cursor.row, view.cursor.column]];
}

pureTest("layOutPrompt() wraps between clusters, indented as far as the prompt", () => {
  assert.deepEqual(rowsOf("1234567漢x"), [["> 1234567", "  漢x"], [1, 5]]);
  assert.deepEqual(rowsOf("123456👍🏽x"), [["> 123456👍🏽", "  x"], [1, 3]]);
});

pureTest("layOutPrompt() puts the cursor behind the last column on the next row", () => {
  assert.deepEqual(rowsOf("12345678"), [["> 12345678", "  "], [1, 2]]);
  assert.deepEqual(rowsOf("1234567漢", { cursor: 7 }), [["> 1234567", "  漢"], [1, 2]]);
  assert.deepEqual(rowsOf("12345678\nx", { cursor: 8 }), [["> 12345678", "  ", "  x"], [1, 2]]);
});

pureTest(
  "layOutPrompt() shows the joiners of Persian and of the scripts of India as they are",
  () => {
    for (const word of ["می\u200cخواهم", "क्\u200dष", "क्\u200cष", "අ\u0dca\u200dය"]) {
      assert.deepEqual(rowsOf(word, { columns: 40 })[0], [`> ${word}`]);
      assert.deepEqual(fitRow([{ text: word, style: "hint" }], 40), [{
        text: word,
        style: "hint",
      }]);
    }
    assert.deepEqual(rowsOf("می\u200c")[0], ["> می\u200c"], "the next letter is about to be typed");
    assert.deepEqual(rowsOf("می\u200c\u200cخ")[0], ["> می\uFFFDخ"]);
    assert.deepEqual(rowsOf("a\u200cb می\u200c b", { columns: 40 })[0], ["> a\uFFFDb می\uFFFD b"]);
  },
);

pureTest("layOutPrompt() gives each line its row", () => {
  assert.deepEqual(rowsOf("a\n\nb"), [["> a", "  ", "  b"], [2, 3]]);
  assert.deepEqual(rowsOf("a\n\nb", { cursor: 2 }), [["> a", "  ", "  b"], [1, 2]]);
});

pureTest(
  "layOutPrompt() indents little behind a long prompt, and wraps one that is too long",
  () => {
    const prompt: Span[] = [{ text: "alice12> ", style: "prompt" }];
    assert.deepEqual(rowsOf("ab", { prompt }), [["alice12> a", "  b"], [1, 3]]);
    assert.deepEqual(rowsOf("a", { prompt, columns: 4 }), [["alic", "e12>", " a"], [2, 2]]);
  },
);

pureTest("layOutPrompt() shows what would hide or move the cursor", () => {
  assert.deepEqual(rowsOf("\t\x1b\u202ea\u200b", { columns: 40 })[0], [">     ␛�a�"]);
  assert.deepEqual(rowsOf("a\u{E0041}b", { columns: 40 })[0], ["> a�b"]);
  assert.deepEqual(rowsOf("\u0301", { columns: 40 }), [["> ◌\u0301"], [0, 3]]);
});

pureTest("layOutPrompt() shows the rows around the cursor", () => {
  const text = "a\nb\nc\nd\ne";
  assert.deepEqual(rowsOf(text, { maxRows: 3 }), [["  c", "  d", "  e"], [2, 3]]);
  assert.deepEqual(rowsOf(text, { maxRows: 3, cursor: 0 }), [["> a", "  b", "  c"], [0, 2]]);
  assert.deepEqual(rowsOf(text, { maxRows: 3, cursor: 4 }), [["  b", "  c", "  d"], [1, 2]]);
  assert.deepEqual(rowsOf(text, { maxRows: 1, cursor: 4 }), [["  c"], [0, 2]]);
});

pureTest("layOutPrompt() marks what was found", () => {
  const match = { start: 1, end: 3 };
  const { rows } = layOutPrompt({
    prompt: [],
    text: "abcd",
    cursor: 0,
    match,
    columns: 9,
    maxRows: 9,
  });
  assert.deepEqual(rows, [[
    { text: "a", style: "plain" },
    { text: "bc", style: "match" },
    { text: "d", style: "plain" },
  ]]);
});

pureTest("fitRow() cuts what does not fit, and says so", () => {
  const spans: Span[] = [{ text: "ab", style: "hint" }, { text: "漢d", style: "match" }];
  assert.deepEqual(fitRow(spans, 5), spans);
  assert.deepEqual(fitRow(spans, 4), [
    { text: "ab", style: "hint" },
    { text: "…", style: "match" },
  ]);
  assert.deepEqual(fitRow(spans, 1), [{ text: "…", style: "hint" }]);
});

pureTest(
  "layOutPrompt() and fitRow() fill no row beyond the terminal, and the cursor is inside",
  () => {
    const text = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.string({
        unit: fc.constantFrom(
          "a",
          "\n",
          "漢",
          "\u0301",
          "🇫",
          "👩",
          "\u200d",
          "\t",
          "क",
          "\u094d",
          "\u202e",
        ),
      }),
    );
    const columns = fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 500 }));
    fc.assert(
      fc.property(text, text, columns, fc.integer({ min: 1, max: 9 }), fc.nat(30), (
        prompt,
        text,
        columns,
        maxRows,
        cursor,
      ) => {
        const spans: Span[] = [{ text: prompt, style: "prompt" }];
        const view = layOutPrompt({ prompt: spans, text, cursor, columns, maxRows });
        assert.ok(view.rows.length >= 1 && view.rows.length <= maxRows);
        assert.ok(view.cursor.row >= 0 && view.cursor.row < view.rows.length);
        assert.ok(view.cursor.column >= 0 && view.cursor.column < columns);
        for (const row of [...view.rows, fitRow(spans, columns)]) {
          const shown = row.map((span) => span.text).join("");
          assert.ok(textWidth(shown) <= columns, JSON.stringify({ shown, columns }));
          // deno-lint-ignore no-control-regex -- that there is none is the point
          assert.doesNotMatch(shown, /[\x00-\x1f\x7f-\x9f\u202e\u2028]/);
        }
      }),
      { numRuns: 1000 },
    );
  },
);
