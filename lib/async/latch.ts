/**
 * Waiting until something holds.
 *
 * @module
 */

/**
 * Lets many wait for a condition that others bring about.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let count = 1;
 * const latch = new Latch(() => count === 0);
 * const waiting = latch.wait();
 * count = 0;
 * latch.look();
 * await waiting;
 * assert.equal(count, 0);
 * ```
 */
export class Latch {
  readonly #holds: () => boolean;
  #waiting: PromiseWithResolvers<void> | undefined;

  /** @param holds Tells whether the condition holds. */
  constructor(holds: () => boolean) {
    this.#holds = holds;
  }

  /** Settles when the condition holds. */
  async wait(): Promise<void> {
    while (!this.#holds()) await (this.#waiting ??= Promise.withResolvers()).promise;
  }

  /** Is called when the condition may hold. */
  look(): void {
    if (!this.#waiting || !this.#holds()) return;
    this.#waiting.resolve();
    this.#waiting = undefined;
  }
}
