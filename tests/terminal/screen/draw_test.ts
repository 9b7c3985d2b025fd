import assert from "node:assert/strict";
import { drawRow, type RowSpan } from "../../../lib/terminal/screen/draw.ts";
import { makeTheme } from "../../../lib/terminal/screen/theme.ts";
import { pureTest } from "../../support/pure.ts";

const THEME = makeTheme(0);
const draw = (columns: number, ...texts: string[]) => {
  const spans = texts.map((text): RowSpan => ({ text, style: "plain" }));
  return drawRow(spans, { theme: THEME, columns });
};

pureTest("drawRow() writes text on whose width terminals agree as it is", () => {
  assert.equal(draw(80, "abc", " é漢"), "abc é漢");
  assert.equal(draw(80), "");
});

pureTest("drawRow() sets the cursor behind each disputed cluster, across spans", () => {
  assert.equal(draw(80, "a👍🏽", "b🇫🇷c"), "\x1b[?7la👍🏽\x1b[4Gb🇫🇷\x1b[7Gc\x1b[?7h");
});

pureTest("drawRow() sets no cursor behind the last column", () => {
  assert.equal(draw(3, "a👍🏽"), "\x1b[?7la👍🏽\x1b[?7h");
  assert.equal(draw(4, "a👍🏽"), "\x1b[?7la👍🏽\x1b[4G\x1b[?7h");
});

pureTest("drawRow() leaves a row that is wider than the terminal to it", () => {
  assert.equal(draw(2, "a👍🏽"), "a👍🏽");
});

pureTest("drawRow() shows a nickname in the colour of its key", () => {
  const theme = makeTheme(256);
  const spans: RowSpan[] = [
    { text: "bob", style: "nick", id: "key" },
    { text: "é", style: "nick" },
    { text: "!", style: "alert" },
  ];
  const row = theme.nick("key", "bob") + theme.nick(undefined, "é") + theme.paint("alert", "!");
  assert.equal(drawRow(spans, { theme, columns: 80 }), row);
});
