/**
 * Something that is due after a time, unless it is put off again and again.
 *
 * @module
 */

/**
 * One timer for what is mostly put off before it is due: to put it off costs next to nothing.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let count = 0;
 * const due = new Due(() => count++, () => performance.now());
 * due.in(1);
 * await new Promise((resolve) => setTimeout(resolve, 20));
 * assert.equal(count, 1);
 * ```
 */
export class Due {
  readonly #run: () => void;
  readonly #now: () => number;
  #at = Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When the timer runs out. */
  #timerAt = Infinity;

  /**
   * @param run Is called when it is due.
   * @param now A clock in ms that never runs back.
   */
  constructor(run: () => void, now: () => number) {
    this.#run = run;
    this.#now = now;
  }

  /** Makes it due after a time, in ms, and not before. */
  in(ms: number): void {
    this.#at = this.#now() + ms;
    // Mostly a timer runs already that is not later: it looks again.
    if (this.#timer !== undefined && this.#timerAt <= this.#at) return;
    clearTimeout(this.#timer);
    this.#timerAt = this.#at;
    this.#timer = setTimeout(() => this.#look(), ms);
  }

  /** Makes it not due. */
  cancel(): void {
    this.#at = Infinity;
  }

  #look(): void {
    this.#timer = undefined;
    const left = this.#at - this.#now();
    if (left === Infinity) return;
    if (left > 0) return this.in(left);
    this.#at = Infinity;
    this.#run();
  }
}
