/**
 * One short wait for each of many, with one timer for all.
 *
 * @module
 */

/**
 * Calls back for each item after the same time, in the order in which they were added.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const over: string[] = [];
 * const { promise, resolve } = Promise.withResolvers<void>();
 * const wait = new HelloWait<string>(1, (item) => {
 *   over.push(item);
 *   if (over.length === 2) resolve();
 * });
 * wait.add("a");
 * wait.add("b");
 * await promise;
 * assert.deepEqual(over, ["a", "b"]);
 * ```
 */
export class HelloWait<T> {
  readonly #ms: number;
  readonly #onOver: (item: T) => void;
  /** When each item's time is over; in order, as all times are equal. */
  readonly #waiting = new Map<T, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ms How long each item waits, in ms.
   * @param onOver Called when its time is over.
   */
  constructor(ms: number, onOver: (item: T) => void) {
    this.#ms = ms;
    this.#onOver = onOver;
  }

  /**
   * Begins an item's time.
   *
   * @param item Held in memory until then.
   */
  add(item: T): void {
    this.#waiting.set(item, performance.now() + this.#ms);
    this.#timer ??= setTimeout(() => this.#look(), this.#ms);
  }

  /**
   * Forgets an item whose time is not over yet.
   *
   * @param item Any one.
   */
  remove(item: T): void {
    this.#waiting.delete(item);
    if (this.#waiting.size > 0) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = undefined;
    const now = performance.now();
    for (const [item, until] of this.#waiting) {
      // A timer may be early by a fraction of a millisecond.
      if (until > now + 1) {
        this.#timer = setTimeout(() => this.#look(), until - now);
        return;
      }
      this.#waiting.delete(item);
      this.#onOver(item);
    }
  }
}
