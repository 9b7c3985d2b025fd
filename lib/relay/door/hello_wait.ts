/**
 * The short wait of new connections before they get the lines of the room. All share one timer.
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
  /** When each item's time is over. The items stand in this order, as all wait equally long. */
  readonly #waiting = new Map<T, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param ms How long each item waits, in ms.
   * @param onOver Is called with an item when its time is over.
   */
  constructor(ms: number, onOver: (item: T) => void) {
    this.#ms = ms;
    this.#onOver = onOver;
  }

  /** Begins an item's time. The item is held in memory until its time is over. */
  add(item: T): void {
    this.#waiting.set(item, performance.now() + this.#ms);
    this.#timer ??= setTimeout(() => this.#look(), this.#ms);
  }

  /** Forgets an item, so that `onOver` is not called with it. Other items have no effect. */
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
