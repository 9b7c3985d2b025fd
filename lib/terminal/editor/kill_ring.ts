/**
 * Texts that were killed, to be yanked again.
 *
 * @module
 * @see https://tiswww.case.edu/php/chet/readline/readline.html "Readline Killing Commands"
 */

/** Texts that were killed and can be yanked, as many as readline's users go back; each fits a
 * message. */
export const MAX_KILLS = 10;

/**
 * The last texts killed, as a ring.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const ring = new KillRing();
 * ring.add("a");
 * ring.add("b");
 * assert.equal(ring.current, "b");
 * ring.rotate();
 * assert.equal(ring.current, "a");
 * ```
 */
export class KillRing {
  /** The current one is the last. */
  readonly #texts: string[] = [];

  /** What would be yanked; `undefined` if nothing was killed yet. */
  get current(): string | undefined {
    return this.#texts.at(-1);
  }

  /** Adds a text; beyond `MAX_KILLS` the oldest goes. */
  add(text: string): void {
    this.#texts.push(text);
    if (this.#texts.length > MAX_KILLS) this.#texts.shift();
  }

  /** Makes the current text longer, as kills in a row do. */
  extend(text: string, side: "before" | "after"): void {
    const current = this.#texts.pop() ?? "";
    this.#texts.push(side === "before" ? text + current : current + text);
  }

  /** Makes the text killed before the current one the current one. */
  rotate(): void {
    const last = this.#texts.pop();
    if (last !== undefined) this.#texts.unshift(last);
  }
}
