import assert from "node:assert/strict";
import { makePalette } from "../../../lib/terminal/screen/palette.ts";
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

pureTest("makePalette() leaves out what looks grey, and no colour without a reason", () => {
  const palette = makePalette();
  for (let index = 16; index <= 231; index++) {
    const [red, green, blue] = cubeColor(index) as [number, number, number];
    const isReadable = [0, 255].every((ground) =>
      contrast([red, green, blue], [ground, ground, ground]) >= 3
    );
    const isGrey = Math.max(red, green, blue) - Math.min(red, green, blue) < 80;
    const isRed = red >= 2 * Math.max(green, blue);
    assert.equal(palette.includes(index), isReadable && !isGrey && !isRed, `${index}`);
  }
});
