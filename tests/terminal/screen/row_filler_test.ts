import assert from "node:assert/strict";
import { RowFiller } from "../../../lib/terminal/screen/row_filler.ts";
import { pureTest } from "../../support/pure.ts";

function textsOf({ rows }: RowFiller): string[] {
  return rows.map((row) => row.map(({ text }) => text).join("|"));
}

pureTest(
  "RowFiller.put() breaks before a cluster that does not fit, and fills a row to its end",
  () => {
    const filler = new RowFiller(3);
    for (const text of ["a", "漢", "b"]) {
      filler.put(
        { text, width: text === "漢" ? 2 : 1 },
        "plain",
      );
    }
    assert.deepEqual(textsOf(filler), ["a漢", "b"]);
    assert.equal(filler.width, 1);
  },
);

pureTest("RowFiller.put() shows what is wider than a row within its indent as U+FFFD", () => {
  const filler = new RowFiller(3);
  filler.put({ text: "漢", width: 2 }, "plain");
  filler.indent = 2;
  filler.break();
  filler.put({ text: "字", width: 2 }, "plain");
  assert.deepEqual(textsOf(filler), ["漢", "  \uFFFD"]);
});

pureTest("RowFiller.fill() puts text of any length where put() would, in as few spans", () => {
  for (let length = 0; length < 12; length++) {
    const [filled, put] = [new RowFiller(4), new RowFiller(4)];
    filled.indent = put.indent = 1;
    const text = "abcdefghijkl".slice(0, length);
    filled.fill(text, "match");
    for (const letter of text) put.put({ text: letter, width: 1 }, "match");
    assert.deepEqual([filled.rows, filled.width], [put.rows, put.width], text);
  }
});

pureTest("RowFiller keeps each style in a span of its own", () => {
  const filler = new RowFiller(9);
  filler.fill("ab", "prompt");
  filler.put({ text: "c", width: 1 }, "prompt");
  filler.fill("d", "plain");
  assert.deepEqual(filler.rows, [[{ text: "abc", style: "prompt" }, {
    text: "d",
    style: "plain",
  }]]);
});

pureTest("RowFiller.reserve() tells where a cluster goes, on the next row if need be", () => {
  const filler = new RowFiller(4);
  filler.indent = 1;
  filler.fill("abc", "plain");
  assert.deepEqual(filler.reserve(1), { row: 0, column: 3 });
  assert.deepEqual(filler.reserve(0), { row: 0, column: 3 }, "a cursor takes a column");
  assert.deepEqual(filler.reserve(2), { row: 1, column: 1 });
  filler.fill("ab", "plain");
  assert.deepEqual(filler.reserve(9), { row: 1, column: 3 }, "U+FFFD takes one");
});
