import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_COLUMNS, wrapText } from "../../../lib/terminal/screen/wrap.ts";
import { staysWhole } from "../../../lib/terminal/screen/words.ts";
import { splitClusters, textWidth } from "../../../lib/text/cluster.ts";
import { sanitize } from "../../../lib/text/sanitize.ts";
import { anyCharacter, textOf } from "../../support/arbitrary_text.ts";
import { pureTest } from "../../support/pure.ts";

function wrap(text: string, columns: number, indent: number): string[] {
  return wrapText(text, { columns, indent })
    .map((row) => " ".repeat(row.indent) + text.slice(row.start, row.end));
}

pureTest("wrapText() breaks at words, under a hanging indent", () => {
  assert.deepEqual(wrap("12:34 bob  to be or not to be", 16, 4), [
    "12:34 bob  to be",
    "    or not to be",
  ]);
  assert.deepEqual(wrap("", 10, 4), [""]);
  assert.deepEqual(wrap("a b", 1, 4), ["a", "b"]);
});

pureTest("wrapText() keeps spaces within a row, and none where it breaks", () => {
  assert.deepEqual(wrap("a   b   c", 5, 0), ["a   b", "c"]);
  assert.deepEqual(wrap("  a\n  b ", 5, 1), ["  a", "   b"]);
  assert.deepEqual(wrap(" ".repeat(50) + "a", 5, 1), ["a"]);
});

pureTest("wrapText() begins a row at each line feed", () => {
  assert.deepEqual(wrap("a\n\nb c\n", 4, 2), ["a", "  ", "  b", "  c", "  "]);
});

pureTest("wrapText() leaves what is longer than a row to the terminal", () => {
  const key = "3kQ8zUe0Vb6cT1xJ9nYwHq2sRr5oLm7dFgAaPpKkEeI=";
  assert.deepEqual(wrap(`bob  ${key} ok`, 20, 5), ["bob", key, "     ok"]);
  assert.deepEqual(wrap(`bob  ${key} !`, 20, 5), ["bob", key, "     !"]);
  assert.deepEqual(wrap(`« ${key} » ok`, 20, 5), ["«", key, "     » ok"]);
  assert.deepEqual(wrap(`${key}\n${key}`, 20, 5), [key, key]);
  assert.deepEqual(wrap("see https://a.bc/漢字漢字漢字漢字 ok", 20, 2), [
    "see",
    "https://a.bc/漢字漢字漢字漢字",
    "  ok",
  ]);
});

pureTest("wrapText() breaks long sentences and rows of emoji between clusters", () => {
  assert.deepEqual(wrap("x ไทยไทยไทยไ", 6, 2), ["x ไทยไ", "  ทยไท", "  ยไ"]);
  assert.deepEqual(wrap("👨‍👩‍👧👨‍👩‍👧👨‍👩‍👧", 5, 1), ["👨‍👩‍👧👨‍👩‍👧", " 👨‍👩‍👧"]);
  assert.deepEqual(wrap("漢", 1, 0), ["漢"]);
});

pureTest("wrapText() breaks between ideographs, but not in front of their full stop", () => {
  assert.deepEqual(wrap("a 漢字仮名", 7, 1), ["a 漢字", " 仮名"]);
  assert.deepEqual(wrap("漢字仮名。", 8, 0), ["漢字仮", "名。"]);
});

pureTest("wrapText() breaks at no space that French sets a mark off with", () => {
  assert.deepEqual(wrap("bob est ici !", 11, 1), ["bob est", " ici !"]);
  assert.deepEqual(wrap("il dit « oui »", 9, 0), ["il dit", "« oui »"]);
  assert.deepEqual(wrap("a  ! b", 3, 0), ["a", "! b"]);
  assert.deepEqual(wrap("see http://a.bc/d !", 13, 1), ["see", "http://a.bc/d", " !"]);
});

pureTest("wrapText() breaks a word with its mark only where it fits no row", () => {
  assert.deepEqual(wrap("bob est çaet !", 8, 2), ["bob est", "  çaet !"]);
  assert.deepEqual(wrap("bob est çaetlà !", 8, 2), ["bob est", "  çaetlà", "  !"]);
});

pureTest("wrapText() leaves URLs whole", () => {
  const url = "https://example.org/a-long-path?q=1";
  assert.deepEqual(wrap(`see ${url} ok`, 36, 4), ["see", url, "    ok"]);
  assert.deepEqual(wrap(`see ${url} ok`, 20, 4), ["see", url, "    ok"]);
  assert.deepEqual(wrap(`see (${url})`, 20, 4), ["see", `(${url})`]);
  assert.deepEqual(wrap(`see ${url}\nnext`, 20, 4), ["see", url, "    next"]);
  assert.deepEqual(wrap(`${url} ${url}`, 20, 4), [url, url]);
  assert.deepEqual(wrap(`also ${url}`, 39, 4), ["also", `    ${url}`]);
});

pureTest("wrapText() breaks what only begins as a URL and goes on with what looks blank", () => {
  const text = `http://${"\u00a0".repeat(20)}12:34\u00a0bob`;
  assert.ok(wrap(text, 20, 2).every((row) => textWidth(row) <= 20));
});

const text = textOf(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(..."ab  \n漢。é👍", "👨‍👩‍👧", "🇫🇷", "e\u0301") },
    { weight: 1, arbitrary: anyCharacter },
  ),
  60,
).map((any) => any.split("\n").map(sanitize).join("\n"));

pureTest("wrapText() loses nothing but spaces, and keeps to the width", () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 500 }), fc.nat(9), (text, columns, indent) => {
      const rows = wrapText(text, { columns, indent });
      let end = 0;
      for (const row of rows) {
        assert.match(text.slice(end, row.start), /^[ \n]*$/);
        end = row.end;
        const shown = text.slice(row.start, row.end);
        const isAlone = splitClusters(shown).filter(({ width }) => width > 0).length === 1;
        const width = textWidth(shown);
        const hanging = Math.min(indent, columns - 1);
        const isWhole = row.indent === 0 && width > columns - hanging && staysWhole(shown);
        assert.ok(row.indent + width <= columns || isAlone || isWhole, JSON.stringify(shown));
        assert.ok(row === rows[0] || row.indent === hanging || isWhole, JSON.stringify(shown));
        assert.doesNotMatch(shown, /\n/);
      }
      assert.match(text.slice(end), /^[ \n]*$/);
    }),
    { numRuns: 2000 },
  );
});

pureTest("wrapText() takes linear time for 60 KB of anything", () => {
  const units = [
    "a",
    "a ",
    " ",
    "\n",
    "漢",
    "。",
    "👨‍👩‍👧",
    "http://",
    "http://a ",
    "e\u0301",
    "([",
    "a ! ",
  ];
  units.push("www.a👍 !", "« ", "http://漢", "漢http://", "a漢", "« http://a漢 ", "www.a漢 ! ");
  for (const unit of units) {
    const long = unit.repeat(Math.ceil(60_000 / unit.length));
    const begin = performance.now();
    wrapText(long, { columns: 80, indent: 10 });
    const ms = performance.now() - begin;
    assert.ok(ms < 5000, `${JSON.stringify(unit)} repeated took ${ms} ms`);
  }
});

pureTest("wrapText() lays out no wider than MAX_COLUMNS", () => {
  for (const columns of [MAX_COLUMNS, MAX_COLUMNS + 1, 1e9]) {
    const rows = wrap("→".repeat(MAX_COLUMNS + 1), columns, 0);
    assert.deepEqual(rows, ["→".repeat(MAX_COLUMNS), "→"]);
  }
});
