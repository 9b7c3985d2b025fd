/**
 * Passing a line on only when those who connected before it was sent are in the room.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { MAX_ACCEPT_STEPS, MAX_ACCEPT_TURNS } from "../limits.ts";

/**
 * Counts who comes into the room, and waits until nobody else is just coming.
 *
 * In one turn of the event loop the runtime hands out what has come to all sockets. Bytes that were
 * read take fewer steps from there to the log than a connection takes to its place in it: without a
 * wait they would overtake it, though they were sent after it was made.
 *
 * @example
 * ```ts
 * const arrivals = new Arrivals();
 * arrivals.note();
 * await arrivals.settled();
 * ```
 */
export class Arrivals {
  #count = 0;
  /** Settles at the end of the present turn; one for all who wait. */
  #endOfTurn: Promise<void> | undefined;

  /** Counts somebody who has just entered the room. */
  note(): void {
    this.#count++;
  }

  /**
   * Waits for those who are coming in this turn; if there are any, for the end of a turn in which
   * nobody came, 10 turns at most. If there are none, no time passes.
   */
  async settled(): Promise<void> {
    let before = this.#count;
    for (let step = 0; step < MAX_ACCEPT_STEPS; step++) await undefined;
    for (let turn = 0; turn < MAX_ACCEPT_TURNS && this.#count !== before; turn++) {
      before = this.#count;
      await this.#untilEndOfTurn();
    }
  }

  #untilEndOfTurn(): Promise<void> {
    // Not a timer: that one would delay each line by more than a millisecond.
    return this.#endOfTurn ??= new Promise((resolve) => {
      setImmediate(() => {
        this.#endOfTurn = undefined;
        resolve();
      });
    });
  }
}
