/**
 * Where the cursor can go in a text.
 *
 * @module
 */

import { clusterAt, splitClusters, textWidth } from "../../text/cluster.ts";

/**
 * A way to go; `typed-left` goes back by what one key typed, and `blank-left` goes back to
 * white space. The other words are of letters and digits.
 */
export type Motion =
  | "left"
  | "right"
  | "typed-left"
  | "word-left"
  | "word-right"
  | "blank-left"
  | "line-start"
  | "line-end"
  | "start"
  | "end";

/**
 * Clusters that Backspace takes as a whole: letters with accents, which one key may have made,
 * ideographs and emoji. In all other scripts each sign of a cluster is a key of its own.
 *
 * @see https://docs.gtk.org/Pango/struct.LogAttr.html `backspace_deletes_character`
 */
const ONE_KEY =
  /^(?:[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Han}\p{Script=Common}\p{Regional_Indicator}]|\p{Emoji})/u;
const WORD = /[\p{L}\p{N}]/u;
const NOT_WORD = /^[^\p{L}\p{N}]*$/u;
const BLANK = /^\s*$/;
const NOT_BLANK = /\S/;

/**
 * Finds where a motion leads.
 *
 * @param text Any text.
 * @param cursor On a boundary of clusters, in UTF-16 units.
 * @param motion Which way.
 * @returns A boundary of clusters; the same one if there is nowhere to go. For `typed-left` it may
 * lie within a cluster.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(findTarget("one two", 7, "word-left"), 4);
 * assert.equal(findTarget("👍🏽", 0, "right"), 4);
 * ```
 */
export function findTarget(text: string, cursor: number, motion: Motion): number {
  switch (motion) {
    case "left":
      return cursor === 0 ? 0 : clusterAt(text, cursor - 1).start;
    case "typed-left":
      return cursor === 0 ? 0 : findTyped(text, cursor);
    case "right":
      return cursor === text.length ? cursor : clusterAt(text, cursor).end;
    case "word-left":
      return cursor - lengthOf(clustersBefore(text, cursor), NOT_WORD, WORD);
    case "blank-left":
      return cursor - lengthOf(clustersBefore(text, cursor), BLANK, NOT_BLANK);
    case "word-right":
      return cursor + lengthOf(splitClusters(text.slice(cursor)), NOT_WORD, WORD);
    case "line-start":
      return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
    case "line-end": {
      const end = text.indexOf("\n", cursor);
      return end === -1 ? text.length : end;
    }
    case "start":
      return 0;
    case "end":
      return text.length;
  }
}

/**
 * Finds the place in the line above or below.
 *
 * @param text Text of several lines.
 * @param cursor On a boundary of clusters.
 * @param direction Which line.
 * @param column How far in, in columns of the terminal; a shorter line is gone to its end.
 * @returns A boundary of clusters; `undefined` if there is no such line.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(findInNextLine("漢字\nabc", 2, "down", 4), 6);
 * ```
 */
export function findInNextLine(
  text: string,
  cursor: number,
  direction: "up" | "down",
  column: number,
): number | undefined {
  const edge = findTarget(text, cursor, direction === "up" ? "line-start" : "line-end");
  if (edge === (direction === "up" ? 0 : text.length)) return;
  const start = direction === "up" ? findTarget(text, edge - 1, "line-start") : edge + 1;
  const line = text.slice(start, findTarget(text, start, "line-end"));
  let width = 0;
  let index = start;
  for (const cluster of splitClusters(line)) {
    if (width + cluster.width > column) break;
    width += cluster.width;
    index += cluster.text.length;
  }
  return index;
}

/**
 * Measures how far into its line a place is.
 *
 * @param text Text of several lines.
 * @param cursor A place in it.
 * @returns Columns.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(columnOf("abc\n漢字", 5), 2);
 * ```
 */
export function columnOf(text: string, cursor: number): number {
  return textWidth(text.slice(findTarget(text, cursor, "line-start"), cursor));
}

function findTyped(text: string, cursor: number): number {
  const { start } = clusterAt(text, cursor - 1);
  if (ONE_KEY.test(text.slice(start, cursor))) return start;
  return cursor - (/[\uD800-\uDBFF][\uDC00-\uDFFF]$/.test(text.slice(start, cursor)) ? 2 : 1);
}

function clustersBefore(text: string, cursor: number) {
  return splitClusters(text.slice(0, cursor)).reverse();
}

/** Length of what is skipped, and then of what is taken. */
function lengthOf(clusters: readonly { text: string }[], skip: RegExp, take: RegExp): number {
  let length = 0;
  let index = 0;
  for (const pattern of [skip, take]) {
    while (index < clusters.length && pattern.test(clusters[index]!.text)) {
      length += clusters[index++]!.text.length;
    }
  }
  return length;
}
