/**
 * Wraps text at words, under a hanging indent.
 *
 * @module
 * @see https://www.unicode.org/reports/tr14/ "Unicode Line Breaking Algorithm", of which this is
 * the part that chat needs
 */

import { splitClusters, splitPieces } from "../../text/cluster.ts";
import { MAX_COLUMNS } from "../limits.ts";

const PLAIN = /^[ -~]+$/;
/** Spaces, and what stands between them. */
const PARTS = / +|[^ ]+/g;

/** One row of wrapped text. */
export interface WrappedRow {
  /** Where it begins in the text, in UTF-16 code units. */
  readonly start: number;
  /** Where it ends; spaces at which it was broken belong to no row. */
  readonly end: number;
  /** Columns to leave free in front of it. */
  readonly indent: number;
}

/** A piece of text that is not broken if it need not be. */
interface Word {
  readonly start: number;
  end: number;
  width: number;
  readonly kind: "space" | "letters" | "ideograph";
  /** Whether there is a mark in it already that was set off. */
  isJoined?: boolean;
}

/** Written without spaces between words: a row may end after each. */
const IDEOGRAPH = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Does not stand at the beginning of a row. */
const CLOSING = /^[、。，．：；！？）」』】〉》ー]/u;
/** The same of those that French sets off with a space. */
const SET_OFF = /^[;:!?»]/u;
/** Visible ASCII, letters and digits: nothing in it looks like a space. */
const URL = /^["'(<[]{0,4}(?:[a-z][a-z0-9+.-]{0,15}:\/\/|www\.)[!-~\p{L}\p{N}]+$/iu;

/**
 * Wraps text to a width, in linear time.
 *
 * Rows break at spaces and between ideographs; a word longer than a row breaks
 * between clusters. A URL that does not fit under the indent has a row of its
 * own without one, and if it is wider than the terminal, the terminal wraps
 * it: so it can be clicked and copied.
 *
 * @param text Safe to show, but for its line feeds, which begin new rows.
 * @param options `columns`: the terminal's width, from 1; `indent`: of all rows but the first, at
 * most one column less than that.
 * @returns Its rows, one at least; none but a URL's is wider than `columns`, unless a wide
 * character alone is.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const text = "to be or not";
 * const rows = wrapText(text, { columns: 6, indent: 1 });
 * assert.deepEqual(rows.map(({ start, end }) => text.slice(start, end)), ["to be", "or", "not"]);
 * ```
 */
export function wrapText(
  text: string,
  { columns, indent }: { readonly columns: number; readonly indent: number },
): WrappedRow[] {
  const width = Math.max(1, Math.min(columns, MAX_COLUMNS));
  const wrapping = new Wrapping(text, width, Math.min(indent, width - 1));
  let start = 0;
  for (const line of text.split("\n")) {
    wrapping.add(line, start);
    start += line.length + 1;
  }
  return wrapping.rows;
}

class Wrapping {
  readonly rows: WrappedRow[] = [];
  readonly #text: string;
  readonly #columns: number;
  readonly #indent: number;
  #start = 0;
  /** End of what the row holds so far; its start while it holds nothing. */
  #end = 0;
  #used = 0;
  /** Columns of spaces that the row holds if a word follows on it. */
  #spaces = 0;

  constructor(text: string, columns: number, indent: number) {
    this.#text = text;
    this.#columns = columns;
    this.#indent = indent;
  }

  /** Adds one line of the text; it begins and ends a row. */
  add(line: string, start: number): void {
    this.#begin(start);
    for (const word of splitWords(line, start)) {
      if (word.kind === "space") this.#spaces += word.width;
      else if (this.#used + this.#spaces + word.width <= this.#columns) this.#append(word);
      else this.#wrap(word);
    }
    this.#finish();
  }

  /** Adds a word that does not fit on the row. */
  #wrap(word: Word): void {
    const isTooLong = word.width > this.#columns - this.#indent;
    if (isTooLong && URL.test(this.#text.slice(word.start, word.end))) {
      if (this.#isBegun) this.#finish();
      this.rows.push({ start: word.start, end: word.end, indent: 0 });
      this.#begin(word.end);
      this.#isBehindUrl = true;
      return;
    }
    if (!isTooLong) {
      this.#next(word.start);
      this.#append(word);
      return;
    }
    this.#break(word);
  }

  /** Adds a word in pieces, beginning on this row. */
  #break(word: Word): void {
    let start = word.start;
    const text = this.#text.slice(word.start, word.end);
    for (const { text: cluster, width } of splitClusters(text)) {
      if (this.#used + this.#spaces + width > this.#columns) this.#next(start);
      this.#append({ start, end: start + cluster.length, width });
      start += cluster.length;
    }
  }

  #isBehindUrl = false;

  get #isBegun(): boolean {
    return this.#end > this.#start;
  }

  get #rowIndent(): number {
    return this.rows.length === 0 ? 0 : this.#indent;
  }

  #begin(start: number): void {
    this.#start = this.#end = start;
    this.#used = this.#rowIndent;
    this.#spaces = 0;
    this.#isBehindUrl = false;
  }

  /** Goes to the next row; an empty one takes what comes instead. */
  #next(start: number): void {
    if (this.#isBegun) this.#finish();
    this.#begin(start);
  }

  #append(word: Pick<Word, "start" | "end" | "width">): void {
    // Spaces behind a URL were those at which the row was broken.
    if (this.#isBehindUrl) this.#begin(word.start);
    this.#used += this.#spaces + word.width;
    this.#spaces = 0;
    this.#end = word.end;
  }

  #finish(): void {
    // Nothing came behind a URL that stands on a row of its own.
    if (this.#isBehindUrl && !this.#isBegun) return;
    this.rows.push({ start: this.#start, end: this.#end, indent: this.#rowIndent });
  }
}

function splitWords(line: string, start: number): Word[] {
  const words: Word[] = [];
  let end = start;
  const add = (text: string, width: number, kind: Word["kind"]) => {
    if (kind === "letters" && isSetOff(line, start, words, text)) {
      const space = words.pop()!;
      extend(words.at(-1)!, space.end, space.width);
      words.at(-1)!.isJoined = SET_OFF.test(text);
    }
    const last = words.at(-1);
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
