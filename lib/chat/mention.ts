/**
 * Whether a text names somebody.
 *
 * @module
 */

import { foldNickname } from "../protocol/nickname.ts";

/** What makes a word with its like; scripts without spaces show no borders of words. */
const WORD =
  /[[\p{L}\p{M}\p{N}_]--[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}]]/v;

/**
 * Looks for a nickname in a text, as a word of its own.
 *
 * @param text Any text.
 * @param nickname Whose.
 * @returns Whether it is there, whatever its case.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.ok(isMentioned("Alice: look", "alice"));
 * assert.ok(!isMentioned("malice", "alice"));
 * assert.ok(isMentioned("thanks😀", "😀"));
 * ```
 */
export function isMentioned(text: string, nickname: string): boolean {
  const folded = fold(text);
  const name = fold(nickname);
  if (name === "") return false;
  for (let at = folded.indexOf(name); at >= 0; at = folded.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (!isOneWord(folded, at) && !isOneWord(folded, end)) return true;
  }
  return false;
}

/** Whether what is on both sides of an index belongs to one word. */
function isOneWord(text: string, index: number): boolean {
  const before = /.$/su.exec(text.slice(Math.max(0, index - 2), index))?.[0] ?? "";
  const after = /^./su.exec(text.slice(index, index + 2))?.[0] ?? "";
  // A mark or a skin tone goes with what is in front of it, be that a picture.
  if (/[\p{M}\p{Emoji_Modifier}]/u.test(after)) return true;
  return WORD.test(before) && WORD.test(after);
}

function fold(text: string): string {
  // Nicknames have no invisible characters; an emoji in a text often ends in one.
  return foldNickname(text.replace(/\p{Default_Ignorable_Code_Point}/gu, ""));
}
