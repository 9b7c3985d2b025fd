import assert from "node:assert/strict";
import type { RowSpan } from "../../../lib/terminal/screen/draw.ts";
import { layOut } from "../../../lib/terminal/screen/rows.ts";
import { makeTheme, type Theme } from "../../../lib/terminal/screen/theme.ts";
import { pureTest } from "../../support/pure.ts";

/** Shows where styles begin and end. */
const MARKED: Theme = {
  paint: (style, text) => style === "plain" || text === "" ? text : `<${style}>${text}</>`,
  nick: (_, text) => `<nick>${text}</>`,
};

pureTest("layOut() keeps styles where rows break", () => {
  const spans: RowSpan[] = [
    { text: "bob ", style: "nick", id: "A" },
    { text: "to be or", style: "mention" },
    { text: " not", style: "plain" },
  ];
  const item = layOut(spans, { indent: 1, theme: MARKED });
  assert.deepEqual(item(9), ["<nick>bob </><mention>to be</>", " <mention>or</> not"]);
  assert.deepEqual(item(80), ["<nick>bob </><mention>to be or</> not"]);
  assert.deepEqual(item(9), ["<nick>bob </><mention>to be</>", " <mention>or</> not"], "again");
});

pureTest("layOut() shows a span that ends where a row does in that row alone", () => {
  const spans: RowSpan[] = [
    { text: "ab", style: "own" },
    { text: "\ncd", style: "date" },
    { text: "", style: "time" },
    { text: "ef", style: "own" },
  ];
  const item = layOut(spans, { indent: 0, theme: MARKED });
  assert.deepEqual(item(80), ["<own>ab</>", "<date>cd</><own>ef</>"]);
});

pureTest("layOut() indents by 2 where the indent is more than a third of the terminal", () => {
  const item = layOut([{ text: "a\nb", style: "plain" }], { indent: 4, theme: makeTheme(0) });
  assert.deepEqual(item(12), ["a", "    b"]);
  assert.deepEqual(item(11), ["a", "  b"]);
});
