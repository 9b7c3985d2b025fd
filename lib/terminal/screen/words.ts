/**
 * Where a row of text may break.
 *
 * @module
 * @see https://www.unicode.org/reports/tr14/ "Unicode Line Breaking Algorithm", of which this is
 * the part that chat needs
 */

import { splitPieces } from "../../text/cluster.ts";

const PLAIN = /^[ -~]+$/;
/** Spaces, and what stands between them. */
const PARTS = / +|[^ ]+/g;
/** Characters of scripts without spaces between words. A row may end after each of them. */
const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Characters that may not stand at the beginning of a row. */
const CLOSING = /^[、。，．：；！？）」』】〉》ー]/u;
/** Characters that end a URL with ideographs in it. */
const SENTENCE_END = /^[、。，；！？」』】〉》]/u;
/** Marks that may not stand at the beginning of a row either. French sets them off with a space. */
const SET_OFF = /^[;:!?»]/u;
/** A URL, perhaps behind a quote, a bracket or the words of a link. */
const URL = /(?:[a-z][a-z0-9+.-]{0,15}:\/\/|www\.)[!-~]/i;
/** Scripts without spaces between words: what is long there is a sentence. */
const SENTENCE =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;
/**
 * What may be copied as one: keys, paths, links. No character of it looks like a space, so that no
 * row without an indent can look like a message.
 */
const SOLID = /^[!-~\p{L}\p{M}\p{N}\p{P}]+$/u;

/** A piece of text that is not broken if it need not be. */
export interface Word {
  /** Where it begins in the text, in UTF-16 units, and where it ends. */
  readonly start: number;
  end: number;
  /** In columns. */
  width: number;
  readonly kind: "space" | "letters" | "ideograph";
  /** Whether its last mark was set off by a space, which is part of the word now. */
  isJoined?: boolean;
  /** Whether ideographs behind it belong to it, as to a URL; unknown until there is one. */
  isUrl?: boolean;
}

/**
 * Tells whether a word that is wider than a row stays whole: a terminal that wraps it gives it back
 * whole when it is copied.
 *
 * @param word A word of `splitWords()`, without spaces.
 * @returns False for a sentence of a script without spaces, for emoji, and for what looks like a
 * space.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(staysWhole("magnet:?xt=urn:btih:c12fe1c06bba254a"), true);
 * assert.equal(staysWhole("12:34\u00a0bob"), false);
 * ```
 */
export function staysWhole(word: string): boolean {
  return SOLID.test(word) && (!SENTENCE.test(word) || URL.test(word));
}

/**
 * Splits a line where it may break, in linear time.
 *
 * @param line Safe to show, without line feeds.
 * @param start Where the line begins in its text, in UTF-16 units.
 * @returns Its words and the spaces between them, in order and without gaps.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words = splitWords("non ! 漢字", 0).map(({ start, end }) => [start, end]);
 * assert.deepEqual(words, [[0, 5], [5, 6], [6, 7], [7, 8]]);
 * ```
 */
export function splitWords(line: string, start: number): Word[] {
  const words: Word[] = [];
  let end = start;
  const add = (text: string, width: number, kind: Word["kind"]) => {
    if (kind === "letters" && isSetOff(line, start, words, text)) {
      const space = words.pop()!;
      extend(words.at(-1)!, space.end, space.width);
      words.at(-1)!.isJoined = SET_OFF.test(text);
    }
    const last = words.at(-1);
    if (last && SENTENCE_END.test(text)) last.isUrl = false;
    if (last?.kind === "letters" && kind === "ideograph") {
      last.isUrl ??= URL.test(line.slice(last.start - start, last.end - start));
      if (last.isUrl) kind = "letters";
    }
    const goesOn = last && (last.kind === kind && kind !== "ideograph" ||
      last.kind === "ideograph" && CLOSING.test(text));
    if (goesOn) extend(last, end + text.length, width);
    else words.push({ start: end, end: end + text.length, width, kind });
    end += text.length;
  };
  const kinds = new Map<string, Word["kind"]>();
  for (const { text, width } of splitPieces(line)) {
    if (PLAIN.test(text)) {
      for (const [part] of text.matchAll(PARTS)) {
        add(part, part.length, part[0] === " " ? "space" : "letters");
      }
      continue;
    }
    // Most characters come again, and finding out what they are takes longest.
    let kind = kinds.get(text);
    if (!kind) kinds.set(text, kind = IDEOGRAPH.test(text) ? "ideograph" : "letters");
    add(text, width, kind);
  }
  return words;
}

function extend(word: Word, end: number, width: number): void {
  word.end = end;
  word.width += width;
}

/** Whether a text belongs to the word in front of a space: `non !`, and `« oui`. */
function isSetOff(line: string, start: number, words: readonly Word[], text: string): boolean {
  const [word, space] = words.slice(-2);
  if (space?.kind !== "space" || space.width > 1) return false;
  if (word?.kind !== "letters") return false;
  const before = line.slice(word.start - start, word.end - start);
  // Once only, so that no word is looked at again and again.
  return before.endsWith("«") || !word.isJoined && SET_OFF.test(text) && !URL.test(before);
}
