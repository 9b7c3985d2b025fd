/**
 * Tells a bot which of its inputs the relay has.
 *
 * @module
 */

import type { JsonRef } from "./json_types.ts";

/** Inputs whose answers wait: as many as messages in the outbox. A bot that does not read has to wait. */
export const MAX_WAITING_REFS = 1000;

/**
 * Inputs on their way to the relay, in their order.
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
   * @param parts `untilTaken`: waits until the relay has all that was written so far, and returns
   * false if the relay never will. `tell`: tells the bot which inputs the relay has.
   */
  constructor({ untilTaken, tell }: {
    readonly untilTaken: () => Promise<boolean>;
    readonly tell: (refs: readonly JsonRef[]) => Promise<void>;
  }) {
    this.#untilTaken = untilTaken;
    this.#tell = tell;
  }

  /** Settles when the bot was told of all inputs, or never will be. Never rejects. */
  get settled(): Promise<void> {
    return this.#settled;
  }

  /**
   * Adds an input whose messages are in the outbox.
   *
   * @returns When another one may be added; undefined if it may be now.
   */
  add(ref: JsonRef): Promise<void> | undefined {
    this.#waiting.push(ref);
    if (!this.#isRunning) {
      this.#isRunning = true;
      this.#settled = this.#run();
    }
    return this.#waiting.length < MAX_WAITING_REFS ? undefined : this.#settled;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const refs = this.#waiting;
      this.#waiting = [];
      // An error of tell() is dropped here: the next write of the bot's output fails, too.
      if (await this.#untilTaken()) await this.#tell(refs).catch(() => {});
    }
    this.#isRunning = false;
  }
}
