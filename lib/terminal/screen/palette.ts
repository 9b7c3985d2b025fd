/**
 * The colours of members on a terminal with 256 colours.
 *
 * @module
 * @see https://www.w3.org/TR/WCAG22/#contrast-minimum
 */

/** Levels of red, green and blue in the 6 x 6 x 6 cube. */
const LEVELS = [0, 95, 135, 175, 215, 255] as const;
/** Index of the cube's first color. */
const FIRST_INDEX = 16;
/** WCAG's least contrast for large text, against black and against white. */
const MIN_CONTRAST = 3;
/** Less than this between the strongest and the weakest part is grey to the eye. */
const MIN_CHROMA = 80;

/**
 * Lists the colours that can be read on black as well as on white.
 *
 * Left out are greys, which look like plain text, and reds, which are for alerts.
 *
 * @returns Indexes from 16 to 231 of the 256-colour palette, always the same.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.ok(makePalette().length > 30);
 * ```
 */
export function makePalette(): number[] {
  const indexes: number[] = [];
  for (let index = FIRST_INDEX; index < FIRST_INDEX + LEVELS.length ** 3; index++) {
    const [red, green, blue] = colorOf(index);
    const luminance = luminanceOf(red, green, blue);
    const onBlack = (luminance + 0.05) / 0.05;
    const onWhite = 1.05 / (luminance + 0.05);
    const chroma = Math.max(red, green, blue) - Math.min(red, green, blue);
    const isRed = red >= 2 * Math.max(green, blue);
    if (Math.min(onBlack, onWhite) >= MIN_CONTRAST && chroma >= MIN_CHROMA && !isRed) {
      indexes.push(index);
    }
  }
  return indexes;
}

function colorOf(index: number): [red: number, green: number, blue: number] {
  const cell = index - FIRST_INDEX;
  const level = (part: number) => LEVELS[part % LEVELS.length]!;
  return [level(Math.floor(cell / 36)), level(Math.floor(cell / 6)), level(cell)];
}

/** Relative luminance in sRGB, from 0 to 1. */
function luminanceOf(red: number, green: number, blue: number): number {
  const linear = (part: number) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}
