/**
 * Mentions: where a text names somebody.
 *
 * @module
 */

import { splitClusters } from "./cluster.ts";
import { foldText } from "./fold.ts";

/** Characters that are part of a word. Scripts without spaces are left out: they show no words. */
const WORD =
  /[[\p{L}\p{M}\p{N}_]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]]/v;

/** Characters in which a nickname is looked for: the search takes 1 µs each, and few texts are longer. */
export const MAX_MENTION_CHARS = 4000;

/** A part of a text, by its UTF-16 code units. */
export type TextRange = readonly [from: number, to: number];

/**
 * Looks for a nickname in the first 4,000 characters of a text, as a word of its own. Letter case
 * makes no difference.
 *
 * @param text Any text.
 * @param nickname The nickname to look for.
 * @returns The ranges of the text that are the nickname, in order and in whole grapheme clusters.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(findMentions("Alice: look", "alice"), [[0, 5]]);
 * assert.deepEqual(findMentions("malice", "alice"), []);
 * assert.deepEqual(findMentions("hi STRASSE!", "straße"), [[3, 10]]);
 * ```
 */
export function findMentions(text: string, nickname: string): TextRange[] {
  if (text.length > MAX_MENTION_CHARS) {
    // What the cut goes through is no word of its own.
    const ranges = findMentions(text.slice(0, MAX_MENTION_CHARS), nickname);
    return ranges.filter(([, to]) => to < MAX_MENTION_CHARS);
  }
  const name = foldVisible(nickname);
  // Most texts name nobody. The search below takes longer, as it folds cluster by cluster.
  if (name === "" || !foldVisible(text).includes(name)) return [];
  const { folded, origins } = foldClusters(text);
  const ranges: TextRange[] = [];
  for (let at = folded.indexOf(name); at >= 0; at = folded.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (isOneWord(folded, at) || isOneWord(folded, end)) continue;
    const range: TextRange = [origins[at]![0], origins[end - 1]![1]];
    if (range[0] >= (ranges.at(-1)?.[1] ?? 0)) ranges.push(range);
  }
  return ranges;
}

/** Folds a text, and tells from which cluster each code unit of the folded text comes. */
function foldClusters(text: string): { folded: string; origins: TextRange[] } {
  const origins: TextRange[] = [];
  let folded = "";
  let from = 0;
  for (const cluster of splitClusters(text)) {
    const range: TextRange = [from, from + cluster.text.length];
    const part = foldVisible(cluster.text);
    for (let i = 0; i < part.length; i++) origins.push(range);
    folded += part;
    [, from] = range;
  }
  return { folded, origins };
}

/** Whether the characters before and after an index belong to one word. */
function isOneWord(text: string, index: number): boolean {
  const before = /.$/su.exec(text.slice(Math.max(0, index - 2), index))?.[0] ?? "";
  const after = /^./su.exec(text.slice(index, index + 2))?.[0] ?? "";
  // A combining mark or a skin tone belongs to the character in front of it, whatever that is.
  if (/[\p{M}\p{Emoji_Modifier}]/u.test(after)) return true;
  return WORD.test(before) && WORD.test(after);
}

function foldVisible(text: string): string {
  // Nicknames have no invisible characters. An emoji in a text often ends in one.
  return foldText(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ""));
}
