import fc from "fast-check";
import assert from "node:assert/strict";
import { makePalette } from "../../../lib/terminal/screen/palette.ts";
import { makeTheme } from "../../../lib/terminal/screen/theme.ts";
import { pureTest } from "../../support/pure.ts";

pureTest("makeTheme() gives a key one colour, whatever its nickname, and never the alert's", () => {
  for (const depth of [16, 256] as const) {
    const theme = makeTheme(depth);
    const alert = theme.paint("alert", "x");
    fc.assert(fc.property(fc.base64String(), fc.base64String(), (id, nickname) => {
      fc.pre(nickname !== "");
      const shown = theme.nick(id, nickname);
      assert.equal(shown.replace(nickname, ""), theme.nick(id, "x").replace("x", ""));
      assert.notEqual(theme.nick(id, "x"), alert);
    }));
    const colors = new Set(
      Array.from({ length: 1000 }, (_, i) => theme.nick(`key ${i}`, "x")),
    );
    assert.equal(colors.size, depth === 16 ? 4 : makePalette().length);
  }
});

pureTest("makeTheme() leaves text without colours as it is", () => {
  const theme = makeTheme(0);
  for (const style of ["plain", "prompt", "alert", "old", "mention"] as const) {
    assert.equal(theme.paint(style, "text"), "text");
  }
  assert.equal(theme.nick("key", "alice"), "alice");
});

pureTest("makeTheme() gives a key the same colour in every version", () => {
  const shown = (depth: 16 | 256) => ["", "A", "key 1"].map((id) => makeTheme(depth).nick(id, "x"));
  assert.deepEqual(shown(16), ["34", "32", "36"].map((hue) => `\x1b[1;${hue}mx\x1b[0m`));
  assert.deepEqual(shown(256), [62, 63, 58].map((index) => `\x1b[38;5;${index}mx\x1b[0m`));
  assert.equal(makeTheme(256).nick(undefined, "x"), "\x1b[1mx\x1b[0m");
});

pureTest("makeTheme() ends attributes with the text, and writes none for nothing", () => {
  const theme = makeTheme(256);
  assert.equal(theme.paint("mention", "x"), "\x1b[1;7mx\x1b[0m");
  assert.equal(theme.paint("mention", ""), "");
  assert.equal(theme.paint("plain", "x"), "x");
});
