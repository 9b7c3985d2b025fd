/**
 * The columns that a grapheme cluster takes.
 *
 * The patterns stand where they are used: each has a large set of characters to work out first, and
 * most people never meet one of them.
 *
 * @module
 * @see https://www.unicode.org/reports/tr51/ "Unicode Emoji"
 */

import { isWide } from "./wide.ts";

const JOINER = 0x200d;

/**
 * Measures a cluster as current terminals do.
 *
 * An emoji takes two columns, whatever it is joined of, and a syllable of Hangul those of its first
 * letter. Of anything else each visible character counts, to the first joiner.
 *
 * @param cluster One grapheme cluster.
 * @returns Columns: 0 for what is invisible.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(["a", "e\u0301", "漢", "👍🏽", "\u200b"].map(clusterWidth), [1, 1, 2, 2, 0]);
 * ```
 */
export function clusterWidth(cluster: string): number {
  const first = cluster.codePointAt(0) ?? 0;
  if (first < 0x300 && cluster.length === 1) return first < 0x20 || isLatinControl(first) ? 0 : 1;
  if (isCommon(first) && cluster.length === 1) return 2;
  if (isHangul(first)) return !isVisible(cluster) ? 0 : isWide(first) ? 2 : 1;
  if (cluster.length > 1 && isEmoji(cluster)) return isTextStyle(cluster) ? 1 : 2;
  return sumVisible(cluster);
}

/** Delete, the C1 controls, and the soft hyphen, which is for others to show. */
function isLatinControl(code: number): boolean {
  return code >= 0x7f && code < 0xa0 || code === 0xad;
}

/** The ideographs and syllables that most wide text is made of. */
function isCommon(code: number): boolean {
  return code >= 0x4e00 && code <= 0x9fff || code >= 0xac00 && code <= 0xd7a3;
}

/** Letters and syllables, which make one block together. */
function isHangul(code: number): boolean {
  return code >= 0x1100 && code <= 0x11ff || code >= 0xa960 && code <= 0xa97c ||
    code >= 0xac00 && code <= 0xd7a3 || code >= 0xd7b0 && code <= 0xd7c6 ||
    code >= 0xd7cb && code <= 0xd7fb;
}

function isEmoji(cluster: string): boolean {
  return /^(?:\p{Regional_Indicator}|\p{Emoji}\uFE0F|\p{Emoji_Presentation}|\p{Emoji_Modifier_Base}\p{Emoji_Modifier})|\u200D\p{Extended_Pictographic}/u
    .test(cluster);
}

/** Whether an emoji of the oldest ones is asked to look like a letter. */
function isTextStyle(cluster: string): boolean {
  return cluster[1] === "\uFE0E" && /^\p{Emoji_Presentation}/u.test(cluster);
}

/** Signs that stand under the digits behind them are format characters, and visible. */
function isVisible(character: string): boolean {
  return /[^\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Me}\p{Mn}]|[\u0600-\u0605\u06DD\u0890\u0891\u08E2\u{110BD}\u{110CD}]/u
    .test(character);
}

function sumVisible(cluster: string): number {
  let width = 0;
  for (const character of cluster) {
    const code = character.codePointAt(0)!;
    if (code === JOINER && width > 0) break;
    if (isVisible(character)) width += isWide(code) ? 2 : 1;
  }
  return width;
}
