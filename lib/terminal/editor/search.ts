/**
 * Looking for something that was said, letter by letter.
 *
 * @module
 */

import type { TtyEvent } from "../input/input_events.ts";
import { findBinding } from "./bindings.ts";
import type { Found, History } from "./history.ts";
import { findTarget } from "./motion.ts";

/** Longest text that is looked for in the history, in characters: two rows. */
export const MAX_SEARCH_CHARS = 160;

/**
 * A search in progress. While nothing is found, the last text that was found stays.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { History } from "./history.ts";
 * const search = new Search(new History(["make", "bake"]));
 * search.narrow("ake");
 * search.goOlder();
 * assert.equal(search.found?.text, "make");
 * ```
 */
export class Search {
  readonly #history: History;
  #query = "";
  #found: Found | undefined;
  #hasFailed = false;

  /** @param history Where to look. */
  constructor(history: History) {
    this.#history = history;
  }

  /** What is looked for. */
  get query(): string {
    return this.#query;
  }

  /** Where it was found; `undefined` before anything was. */
  get found(): Found | undefined {
    return this.#found;
  }

  /** Whether there is no such text (further back). */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /**
   * Takes what came from the keyboard.
   *
   * @returns Whether there was something to do; undefined for what ends a search.
   */
  handle(event: TtyEvent): boolean | undefined {
    if (event.kind === "text") return this.narrow(event.text);
    if (event.kind !== "keypress") return;
    if (findBinding(event) === "search") return this.goOlder();
    if (event.name === "backspace" || event.ctrl && event.name === "h") return this.widen();
  }

  /** Looks for more; false if there is no such text, or the query would be too long. */
  narrow(text: string): boolean {
    if (this.#query.length + text.length > MAX_SEARCH_CHARS) return false;
    this.#query += text;
    return this.#look(this.#found && this.#found.index + 1);
  }

  /** Looks for less, from the newest text on; false if nothing was looked for. */
  widen(): boolean {
    if (this.#query === "") return false;
    this.#query = this.#query.slice(0, findTarget(this.#query, this.#query.length, "typed-left"));
    this.#found = undefined;
    if (this.#query !== "") this.#look(undefined);
    else this.#hasFailed = false;
    return true;
  }

  /** Looks further back; false if there is no other such text. */
  goOlder(): boolean {
    if (this.#query === "") return false;
    let found = this.#found;
    // A second entry with the same text is passed over: it would look as if nothing happened.
    while (found && found.text === this.#found?.text) {
      found = this.#history.search(this.#query, found.index);
    }
    this.#hasFailed = found === undefined;
    this.#found = found ?? this.#found;
    return !this.#hasFailed;
  }

  #look(before: number | undefined): boolean {
    const found = this.#history.search(this.#query, before);
    this.#hasFailed = found === undefined;
    this.#found = found ?? this.#found;
    return !this.#hasFailed;
  }
}
