/**
 * Text as people see it: grapheme clusters, and the columns that they take.
 *
 * @module
 * @see https://www.unicode.org/reports/tr29/ "Unicode Text Segmentation"
 */

import { clusterWidth } from "./width.ts";

/** A part of a text that is moved over, deleted and wrapped as one. */
export interface Cluster {
  readonly text: string;
  /** How many columns it takes: 0 if it is invisible, 2 if it is wide. */
  readonly width: number;
}

const NOT_PLAIN = /[^ -~]/;
/** All but characters of one column that never join others: ASCII, Latin letters, punctuation. */
const NOT_NARROW = /[^ -~\u00A1-\u00AC\u00AE-\u017F\u2010-\u2027]/;
/**
 * Characters that never join others, and whose width is the same in all terminals: ASCII; Latin, Greek and Cyrillic
 * letters; the pictures of controls; ideographs, Hangul syllables and kana, and their punctuation.
 */
const AGREED =
  /^(?:(?![×÷\p{Cn}])[ -~\u00C0-\u017F\u0386-\u03CE\u0400-\u045F\u1E00-\u1EF9\u23CE\u2400-\u2424\u3001-\u3011\u3041-\u3096\u30A1-\u30FA\u30FC\u4E00-\u9FA5\uAC00-\uD7A3\uFF01-\uFF5E])*$/u;

/**
 * Stretches of ASCII between other ASCII. Beside another character, the last letter may be in one
 * cluster with it. A stretch of fewer than 12 characters is not worth the look.
 */
const PLAIN_STRETCH = /(?<=^|[ -~\n])[ -~]{12,}(?=[ -~\n]|$)/g;
/** Neighbours that are never in one cluster with a character of ASCII. */
const PLAIN_OR_NONE = /^[ -~\n]?$/;

/** Made when a text first needs it, because the engine then loads its data on languages. */
const segmenter = lazy(() => new Intl.Segmenter("und"));

/**
 * Splits text into grapheme clusters.
 *
 * @param text Any text. A line break is a cluster of width 0; U+2028 and U+2029 have width 1.
 * @returns The clusters, which joined are the text again.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(splitClusters("e\u0301漢"), [
 *   { text: "e\u0301", width: 1 },
 *   { text: "漢", width: 2 },
 * ]);
 * ```
 */
export function splitClusters(text: string): Cluster[] {
  if (!NOT_NARROW.test(text)) {
    return Array.from(text, (character) => ({ text: character, width: 1 }));
  }
  if (text === "\n") return [{ text, width: 0 }];
  // Measuring a cluster takes ten times the time of finding it, and most clusters come again.
  const widths = new Map<string, number>();
  const measure = (cluster: string): Cluster => {
    const width = widths.get(cluster) ?? widthOf(cluster);
    widths.set(cluster, width);
    return { text: cluster, width };
  };
  if (AGREED.test(text)) return Array.from(text, measure);
  return Array.from(segmenter().segment(text), ({ segment }) => measure(segment));
}

/**
 * Splits text into grapheme clusters, but leaves long stretches of visible ASCII together. Most
 * long texts are ASCII, and are split quickly in this way.
 *
 * @param text Any text.
 * @yields Clusters, and stretches of ASCII, which are as wide as they are long. Joined they are the
 * text again.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const pieces = [...splitPieces("hello, world e\u0301")];
 * assert.deepEqual(pieces, [{ text: "hello, world ", width: 13 }, { text: "e\u0301", width: 1 }]);
 * ```
 */
export function* splitPieces(text: string): Generator<Cluster> {
  let end = 0;
  for (const { 0: plain, index } of text.matchAll(PLAIN_STRETCH)) {
    if (end < index) yield* splitClusters(text.slice(end, index));
    yield { text: plain, width: plain.length };
    end = index + plain.length;
  }
  if (end < text.length) yield* splitClusters(text.slice(end));
}

/**
 * Finds the cluster that a character belongs to, without splitting all of the text.
 *
 * @param text Any text.
 * @param index The index of a UTF-16 unit of the character.
 * @returns The indexes at which the cluster begins and ends.
 * @throws {RangeError} If the text has no such unit.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(clusterAt("ae\u0301", 2), { start: 1, end: 3 });
 * ```
 */
export function clusterAt(text: string, index: number): { start: number; end: number } {
  if (isPlainAround(text, index)) return { start: index, end: index + 1 };
  const found = segmenter().segment(text).containing(index);
  if (!found) throw new RangeError(`Cannot find a cluster: ${index} is outside of the text`);
  return { start: found.index, end: found.index + found.segment.length };
}

/**
 * Counts the columns that a text takes on a terminal.
 *
 * @param text Any text. Control characters take no column.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(textWidth("a漢👍"), 5);
 * ```
 */
export function textWidth(text: string): number {
  if (!NOT_NARROW.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter().segment(text)) width += widthOf(segment);
  return width;
}

/**
 * Tells whether terminals may disagree about the width of text. They may for all that joins,
 * combines or is an emoji, and for all that is not known to be drawn alike.
 *
 * After such a cluster, the cursor's column must be set, because it is not known.
 *
 * @param cluster A cluster, or other text. Only its text is looked at.
 * @returns False only if every terminal draws the text as {@linkcode textWidth} measures it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const disputed = splitClusters("aé漢🇫🇷👍🏽").filter(isDisputed).map(({ text }) => text);
 * assert.deepEqual(disputed, ["🇫🇷", "👍🏽"]);
 * ```
 */
export function isDisputed(cluster: Pick<Cluster, "text">): boolean {
  return !AGREED.test(cluster.text);
}

/** Whether a character and its neighbours are ASCII, so that it is a cluster of its own. */
function isPlainAround(text: string, index: number): boolean {
  const isThere = index >= 0 && index < text.length;
  return isThere && [-1, 0, 1].every((step) => PLAIN_OR_NONE.test(text.charAt(index + step)));
}

function widthOf(cluster: string): number {
  return NOT_PLAIN.test(cluster) ? clusterWidth(cluster) : 1;
}

/**
 * Puts off making a value that takes time to make and is not always needed.
 *
 * @param make Makes the value. It is called once, or again if it threw.
 * @returns A function that returns the value, always the same one.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let made = 0;
 * const value = lazy(() => ++made);
 * assert.equal(made, 0);
 * assert.deepEqual([value(), value()], [1, 1]);
 * ```
 */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
