/**
 * What terminals think of the widths of characters, for the emulator.
 *
 * @module
 */

import type { IUnicodeVersionProvider } from "@xterm/headless";

/** How a terminal sees emoji, joiners and marks. */
export type Widths =
  /** The emulator's own: Unicode 6, where most emoji take one column and nothing is joined. */
  | "6"
  /** Whole clusters, emoji of two columns: as the program itself measures. */
  | "clusters"
  /** Each character for itself, emoji of two columns. */
  | "wide"
  /** Whatever is not ASCII takes two columns. */
  | "cjk";

const MARK = /^(?:\p{M}|\u200C|\u200D|\p{Emoji_Modifier})$/u;
const EMOJI = /^(?:\p{Emoji_Presentation}|\p{Regional_Indicator})$/u;
const IDEOGRAPH =
  /^[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60]$/;

/** Kinds of a preceding character, as {@linkcode joined} keeps them. */
const [OTHER, JOINER, INDICATOR] = [0, 1, 2];

/** The emulator's packed form: state, width, and whether it joins the cell before. */
function pack(state: number, width: number, joins: boolean): number {
  return state << 3 | width << 1 | (joins ? 1 : 0);
}

function wcwidth(codePoint: number): 0 | 1 | 2 {
  const text = String.fromCodePoint(codePoint);
  if (codePoint < 0x20 || codePoint >= 0x7f && codePoint < 0xa0) return 0;
  if (MARK.test(text) && !/\p{Emoji_Modifier}/u.test(text)) return 0;
  return EMOJI.test(text) || IDEOGRAPH.test(text) ? 2 : 1;
}

const clusters: IUnicodeVersionProvider = {
  version: "clusters",
  wcwidth,
  charProperties: (codePoint, preceding) => {
    const text = String.fromCodePoint(codePoint);
    const [before, width] = [preceding >> 3, preceding >> 1 & 3];
    if (codePoint === 0x200d) return pack(JOINER, width, width > 0);
    const isIndicator = /\p{Regional_Indicator}/u.test(text);
    const joins = width > 0 &&
      (MARK.test(text) || before === JOINER && /\p{Extended_Pictographic}/u.test(text) ||
        before === INDICATOR && isIndicator);
    const isEmojiNow = codePoint === 0xfe0f || codePoint === 0x20e3;
    if (joins) return pack(OTHER, isEmojiNow ? 2 : width, true);
    return pack(isIndicator ? INDICATOR : OTHER, wcwidth(codePoint), false);
  },
};

function each(version: Widths, width: (codePoint: number) => 0 | 1 | 2): IUnicodeVersionProvider {
  return {
    version,
    wcwidth: width,
    charProperties: (codePoint, preceding) => {
      const own = width(codePoint);
      const before = preceding >> 1 & 3;
      return own === 0 && before > 0 ? pack(0, before, true) : pack(0, own, false);
    },
  };
}

/** What the emulator can be told to think, but for its own. */
export const UNICODE_PROVIDERS: readonly IUnicodeVersionProvider[] = [
  clusters,
  each("wide", wcwidth),
  each("cjk", (codePoint) => codePoint > 0x7e ? 2 : wcwidth(codePoint)),
];
