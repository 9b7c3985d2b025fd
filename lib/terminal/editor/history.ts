/**
 * What was said before, to be said again.
 *
 * @module
 */

import { MAX_HISTORY_ENTRIES } from "../../storage/limits.ts";

/** Longest history in characters, beside that in entries: twenty of the longest texts. */
export const MAX_HISTORY_CHARS = 800_000;
/** Lines of the past whose changes are kept while others are looked at. */
export const MAX_HISTORY_EDITS = 20;

/** A line of the past in which a text was found. */
export interface Found {
  /** Which entry. */
  readonly index: number;
  readonly text: string;
  /** Where in it, in UTF-16 units. */
  readonly start: number;
}

/**
 * The texts that were submitted, and a place among them. Behind the newest text is the draft. A
 * text that is changed on the way stays changed until the next one is added.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const history = new History(["one", "two"]);
 * assert.equal(history.older("draft"), "two");
 * assert.equal(history.newer("two"), "draft");
 * ```
 */
export class History {
  #entries: string[] = [];
  #chars = 0;
  #index = 0;
  #edits = new Map<number, string>();

  /** @param entries Texts of the past, the oldest first, as from a file. */
  constructor(entries: Iterable<string> = []) {
    for (const entry of entries) this.add(entry);
  }

  /** The texts, the oldest first. */
  get entries(): readonly string[] {
    return this.#entries;
  }

  /**
   * Adds a text, and goes back behind it.
   *
   * @param text What was submitted; beyond the limits the oldest are forgotten.
   * @returns False for an empty one, or the newest again: it is not added twice.
   */
  add(text: string): boolean {
    const isNew = text !== "" && text !== this.#entries.at(-1);
    if (isNew) {
      this.#entries.push(text);
      this.#chars += text.length;
    }
    while (this.#entries.length > MAX_HISTORY_ENTRIES || this.#chars > MAX_HISTORY_CHARS) {
      this.#chars -= this.#entries.shift()?.length ?? 0;
    }
    this.#index = this.#entries.length;
    this.#edits.clear();
    return isNew;
  }

  /**
   * Goes to the text before.
   *
   * @param current What is in the draft now: it is there again on the way back.
   * @returns The text, with its changes; `undefined` at the oldest.
   */
  older(current: string): string | undefined {
    return this.goTo(this.#index - 1, current);
  }

  /** Goes to the text after, as {@linkcode older} goes back. */
  newer(current: string): string | undefined {
    return this.goTo(this.#index + 1, current);
  }

  /**
   * Goes to an entry.
   *
   * @param index Which; their number for the draft.
   * @param current What is in the draft now.
   * @returns Its text, with its changes; `undefined` if there is none.
   */
  goTo(index: number, current: string): string | undefined {
    if (index < 0 || index > this.#entries.length) return;
    this.#keep(current);
    this.#index = index;
    return this.#edits.get(index) ?? this.#entries[index] ?? "";
  }

  /**
   * Looks for a text, from newer to older entries.
   *
   * @param query Found anywhere in an entry, as it is.
   * @param before Entries from this index on are left out.
   * @returns The newest such entry; `undefined` if there is none.
   */
  search(query: string, before: number = this.#entries.length): Found | undefined {
    for (let index = Math.min(before, this.#entries.length) - 1; index >= 0; index--) {
      const text = this.#entries[index]!;
      const start = text.lastIndexOf(query);
      if (start !== -1) return { index, text, start };
    }
  }

  #keep(current: string): void {
    this.#edits.delete(this.#index);
    if (current === this.#entries[this.#index]) return;
    this.#edits.set(this.#index, current);
    if (this.#edits.size <= MAX_HISTORY_EDITS) return;
    // The draft is never dropped, because it was not sent.
    const oldest = this.#edits.keys().find((index) => index !== this.#entries.length);
    if (oldest !== undefined) this.#edits.delete(oldest);
  }
}
