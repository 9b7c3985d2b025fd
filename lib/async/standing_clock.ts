/**
 * A clock that can be stopped.
 *
 * @module
 */

/**
 * Counts time while what is waited for can come. It runs at first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let now = 0;
 * const clock = new StandingClock(() => now);
 * clock.run(false);
 * now = 500;
 * assert.equal(clock.now, 0);
 * clock.run(true);
 * now = 700;
 * assert.equal(clock.now, 200);
 * ```
 */
export class StandingClock {
  readonly #monotonic: () => number;
  /** How long it has stood, in ms. */
  #stoodMs = 0;
  /** Since when it stands; undefined while it runs. */
  #since: number | undefined;

  /** @param monotonic A clock in ms that never runs back. */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic;
  }

  /** Its time, in ms. */
  get now(): number {
    return (this.#since ?? this.#monotonic()) - this.#stoodMs;
  }

  /** Has it run from now on, or stand. */
  run(isRunning: boolean): void {
    if (!isRunning) {
      this.#since ??= this.#monotonic();
      return;
    }
    if (this.#since !== undefined) this.#stoodMs += this.#monotonic() - this.#since;
    this.#since = undefined;
  }
}
