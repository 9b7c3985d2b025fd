/**
 * The share that all pipes together have of a turn of the event loop, so that the room is served
 * first.
 *
 * @module
 */

import { PIPE_TURN_BYTES } from "./limits.ts";

/**
 * Counts what pipes copy in a turn.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const turn = new PipeTurn();
 * assert.equal(turn.spend(1), undefined);
 * await turn.spend(1024 * 1024);
 * ```
 */
export class PipeTurn {
  #bytes = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #over: PromiseWithResolvers<void> | undefined;

  /**
   * Counts bytes that were read.
   *
   * @returns When they may be written; undefined for at once.
   */
  spend(bytes: number): Promise<void> | undefined {
    this.#bytes += bytes;
    // A timer and not setImmediate(): only a wait lets the runtime ask the system for the others.
    this.#timer ??= setTimeout(() => this.#end(), 0);
    if (this.#bytes <= PIPE_TURN_BYTES) return undefined;
    return (this.#over ??= Promise.withResolvers()).promise;
  }

  #end(): void {
    this.#timer = undefined;
    this.#bytes = 0;
    this.#over?.resolve();
    this.#over = undefined;
  }
}
