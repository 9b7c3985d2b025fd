/**
 * Telling a bot which of its inputs the relay has.
 *
 * @module
 */

import type { JsonRef } from "./json_types.ts";

/**
 * Inputs on their way to the relay, in order. There are at most as many as the outbox takes: a bot
 * that writes more has to wait.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const told: (string | number)[] = [];
 * const confirmations = new Confirmations({
 *   untilTaken: () => Promise.resolve(true),
 *   tell: (refs) => Promise.resolve(void told.push(...refs)),
 * });
 * confirmations.add(1);
 * confirmations.add("b");
 * await confirmations.settled;
 * assert.deepEqual(told, [1, "b"]);
 * ```
 */
export class Confirmations {
  readonly #untilTaken: () => Promise<boolean>;
  readonly #tell: (refs: readonly JsonRef[]) => Promise<void>;
  #waiting: JsonRef[] = [];
  #isRunning = false;
  #settled: Promise<void> = Promise.resolve();

  /**
   * @param parts `untilTaken`: waits until the relay has all that was written so far, false if it
   * never will; `tell`: tells which inputs it has.
   */
  constructor({ untilTaken, tell }: {
    readonly untilTaken: () => Promise<boolean>;
    readonly tell: (refs: readonly JsonRef[]) => Promise<void>;
  }) {
    this.#untilTaken = untilTaken;
    this.#tell = tell;
  }

  /** Settles when all were told of, or never will be. It never rejects. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /** To be called when what an input says was written. */
  add(ref: JsonRef): void {
    this.#waiting.push(ref);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#settled = this.#run();
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const refs = this.#waiting;
      this.#waiting = [];
      // A write that failed fails the next one, too.
      if (await this.#untilTaken()) await this.#tell(refs).catch(() => {});
    }
    this.#isRunning = false;
  }
}
