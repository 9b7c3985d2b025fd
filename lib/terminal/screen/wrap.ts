/**
 * Wraps text at words, under a hanging indent.
 *
 * @module
 */

import { splitClusters, textWidth } from "../../text/cluster.ts";
import { splitWords, staysWhole, type Word } from "./words.ts";

/** Widest row that is laid out, in columns; wider terminals are used up to here. */
export const MAX_COLUMNS = 1000;

/** One row of wrapped text. */
export interface WrappedRow {
  /** Where it begins in the text, in UTF-16 code units. */
  readonly start: number;
  /** Where it ends; spaces at which it was broken belong to no row. */
  readonly end: number;
  /** Columns to leave free in front of it. */
  readonly indent: number;
}

/**
 * Wraps text to a width, in linear time.
 *
 * Rows break at spaces and between ideographs. A word that does not fit under the indent has a row
 * of its own without one: a URL, a key, a path. If it is wider than the terminal, the terminal wraps
 * it: so it can be clicked and copied. A sentence without spaces, and what has characters that look
 * like spaces, breaks between clusters.
 *
 * @param text Safe to show, but for its line feeds, which begin new rows.
 * @param options `columns`: the terminal's width, from 1; `indent`: of all rows but the first, at
 * most one column less than that.
 * @returns Its rows, one at least; none but such a word's is wider than `columns`, unless a wide
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
  /** Whether the row before is a long word's own, and this one holds nothing yet. */
  #isBehindWord = false;

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
      else this.#place(word);
    }
    this.#finish();
  }

  #place(word: Pick<Word, "start" | "end" | "width">): void {
    if (this.#used + this.#spaces + word.width <= this.#columns) this.#append(word);
    else this.#wrap(word);
  }

  /** Adds a word that does not fit on the row. */
  #wrap(word: Pick<Word, "start" | "end" | "width">): void {
    const isTooLong = word.width > this.#columns - this.#indent;
    const text = this.#text.slice(word.start, word.end);
    if (isTooLong && text.includes(" ")) return this.#part(text, word.start);
    if (isTooLong && staysWhole(text)) {
      if (this.#isBegun) this.#finish();
      this.rows.push({ start: word.start, end: word.end, indent: 0 });
      this.#begin(word.end);
      this.#isBehindWord = true;
      return;
    }
    if (!isTooLong) {
      this.#next(word.start);
      this.#append(word);
      return;
    }
    this.#break(word);
  }

  /** Adds a word that a mark was set off from, without what holds them together. */
  #part(text: string, start: number): void {
    for (const { 0: part, index } of text.matchAll(/ |[^ ]+/g)) {
      if (part === " ") this.#spaces += 1;
      else {this.#place({
          start: start + index,
          end: start + index + part.length,
          width: textWidth(part),
        });}
    }
  }

  /** Adds a word in pieces, beginning on this row. */
  #break(word: Pick<Word, "start" | "end">): void {
    let start = word.start;
    const text = this.#text.slice(word.start, word.end);
    for (const { text: cluster, width } of splitClusters(text)) {
      if (this.#used + this.#spaces + width > this.#columns) this.#next(start);
      this.#append({ start, end: start + cluster.length, width });
      start += cluster.length;
    }
  }

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
    this.#isBehindWord = false;
  }

  /** Goes to the next row; an empty one takes what comes instead. */
  #next(start: number): void {
    if (this.#isBegun) this.#finish();
    this.#begin(start);
  }

  #append(word: Pick<Word, "start" | "end" | "width">): void {
    // Spaces behind a long word were those at which the row was broken.
    if (this.#isBehindWord) this.#begin(word.start);
    this.#used += this.#spaces + word.width;
    this.#spaces = 0;
    this.#end = word.end;
  }

  #finish(): void {
    // Nothing came behind a word that stands on a row of its own.
    if (this.#isBehindWord && !this.#isBegun) return;
    this.rows.push({ start: this.#start, end: this.#end, indent: this.#rowIndent });
  }
}
