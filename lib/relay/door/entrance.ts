/**
 * When to accept another connection. The system keeps those that have to wait for it.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import {
  ENTRANCE_CHECK_MS,
  MAX_ENTRANCE_PAUSE_MS,
  STRANGERS_BURST,
  STRANGERS_PER_SECOND,
} from "../limits.ts";

/** Time that each stranger uses up, in ms. */
const MS_PER_STRANGER = 1000 / STRANGERS_PER_SECOND;
/** Time that strangers may use up in advance, in ms. */
const BURST_MS = STRANGERS_BURST * MS_PER_STRANGER;

/**
 * Slows accepting down while many strangers come and go, or while there is no room for another one
 * to wait.
 *
 * Strangers are taken 1,000 a second, after a burst of as many. So a crowd that comes back again and
 * again takes a bounded part of the relay's time. A guest that finds a place counts when it leaves: a
 * crowd that fills a room is not slowed down.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const entrance = new Entrance(() => true);
 * for (let i = 0; i < 1000; i++) entrance.noteStranger(0);
 * assert.equal(entrance.isOpen(0), true);
 * entrance.noteStranger(0);
 * assert.deepEqual([entrance.isOpen(0), entrance.isOpen(1)], [false, true]);
 * ```
 */
export class Entrance {
  readonly #hasRoom: (now: number) => boolean;
  /** The time up to which strangers have used up what they may. */
  #usedUpTo = -Infinity;

  /** @param hasRoom Tells whether another connection has a place, be it to wait. */
  constructor(hasRoom: (now: number) => boolean) {
    this.#hasRoom = hasRoom;
  }

  /**
   * Counts a connection that has ended without a proof, or that has to wait outside.
   *
   * @param now The time, in ms.
   */
  noteStranger(now: number): void {
    const next = Math.max(this.#usedUpTo, now - BURST_MS) + MS_PER_STRANGER;
    this.#usedUpTo = Math.min(next, now + MAX_ENTRANCE_PAUSE_MS);
  }

  /** Takes one back that was counted while it waited outside, and has proved the key. */
  noteMember(): void {
    this.#usedUpTo -= MS_PER_STRANGER;
  }

  /** Tells whether a connection may be accepted; `now` is the time in ms. */
  isOpen(now: number): boolean {
    return now >= this.#usedUpTo && this.#hasRoom(now);
  }

  /** Waits until a connection may be accepted, or `signal` aborts. Mostly no time passes. */
  async untilOpen(signal: AbortSignal): Promise<void> {
    while (!this.isOpen(performance.now()) && !signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, ENTRANCE_CHECK_MS));
    }
  }
}
