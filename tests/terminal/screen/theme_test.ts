import fc from "fast-check";
import assert from "node:assert/strict";
import { makePalette } from "../../../lib/terminal/screen/palette.ts";
import {
  chooseDepth,
  type ColorChoice,
  type ColorDepth,
  isDumb,
  makeTheme,
} from "../../../lib/terminal/screen/theme.ts";
import { pureTest } from "../../support/pure.ts";

/** The WCAG contrast of two colours, each as three parts from 0 to 255. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const luminance = (parts: readonly number[]) => {
    const [red, green, blue] = parts.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  };
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light! + 0.05) / (dark! + 0.05);
}

/** The parts of a colour of xterm's cube: 0, then 95 and steps of 40. */
function cubeColor(index: number): number[] {
  return (index - 16).toString(6).padStart(3, "0").split("").map(Number)
    .map((level) => level === 0 ? 0 : 55 + 40 * level);
}

pureTest("makePalette() has colours that are readable on black and on white, and no red", () => {
  const palette = makePalette();
  assert.ok(palette.length >= 40, `only ${palette.length} colours`);
  for (const index of palette) {
    assert.ok(index >= 16 && index <= 231, `${index} is not in the cube`);
    const color = cubeColor(index);
    assert.ok(contrast(color, [0, 0, 0]) >= 3, `${index} on black`);
    assert.ok(contrast(color, [255, 255, 255]) >= 3, `${index} on white`);
    const [red, green, blue] = color;
    assert.ok(red! < 2 * Math.max(green!, blue!), `${index} is red`);
  }
});

pureTest("chooseDepth() goes by the choice, NO_COLOR, the terminal and its name", () => {
  const depth = (
    color: ColorChoice,
    env: Record<string, string>,
    isTerminal = true,
    isWindows = false,
  ) => chooseDepth({ color, isTerminal, env: (name) => env[name], isWindows });
  const cases: [actual: ColorDepth, expected: ColorDepth][] = [
    [depth("auto", { TERM: "xterm-256color" }), 256],
    [depth("auto", { TERM: "xterm", COLORTERM: "truecolor" }), 256],
    [depth("auto", { TERM: "linux" }), 16],
    [depth("auto", { TERM: "dumb" }), 0],
    [depth("auto", {}), 0],
    [depth("auto", {}, true, true), 256],
    [depth("auto", { TERM: "xterm-256color" }, false), 0],
    [depth("auto", { TERM: "xterm-256color", NO_COLOR: "1" }), 0],
    [depth("auto", { TERM: "xterm-256color", NO_COLOR: "" }), 256],
    [depth("always", { TERM: "xterm-256color", NO_COLOR: "1" }, false), 256],
    [depth("always", { TERM: "dumb" }, false), 16],
    [depth("never", { TERM: "xterm-256color" }), 0],
  ];
  for (const [i, [actual, expected]] of cases.entries()) assert.equal(actual, expected, `${i}`);
});

pureTest("isDumb() is true of what has no name", () => {
  assert.equal(isDumb(() => undefined), true);
  assert.equal(isDumb(() => "dumb"), true);
  assert.equal(isDumb(() => "vt100"), false);
});

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
