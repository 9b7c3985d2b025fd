/**
 * When to knock: a member that may be behind asks for the key, less and less often.
 *
 * @module
 * @see docs/PROTOCOL.md, "Knocking"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import {
  KNOCK_AGAIN_MS,
  KNOCK_JITTER_MS,
  KNOCK_PACE_MS,
  KNOCKS_BURST,
  MIN_KNOCK_MS,
} from "./limits.ts";

/**
 * Decides when a knock is due. It has no clock of its own: the caller says what time it is, in ms.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const knocking = new Knocking(() => 0);
 * knocking.want(0);
 * assert.deepEqual([100, 200, 300].map((now) => knocking.isDue(now)), [false, true, false]);
 * assert.equal(knocking.isDue(5200), true);
 * ```
 */
export class Knocking {
  readonly #random: () => number;
  #dueAt = Infinity;
  #count = 0;
  #isRefused = false;
  readonly #bucket = new TokenBucket({ burst: KNOCKS_BURST, perSecond: 1000 / KNOCK_PACE_MS }, 0);

  /** @param random Returns a number from 0 to 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  /** Whether an answer is waited for, or a knock is due soon. */
  get isHopeful(): boolean {
    return this.#dueAt < Infinity && this.#count <= 1 && !this.#isRefused;
  }

  /** Notes that something cannot be read. */
  want(now: number): void {
    if (this.#dueAt < Infinity) return;
    this.#dueAt = now + MIN_KNOCK_MS + this.#random() * KNOCK_JITTER_MS;
  }

  /** Notes that a new connection begins: who was not there before may be there now. */
  reconnect(now: number): void {
    if (this.#dueAt < Infinity) this.#dueAt = now + MIN_KNOCK_MS + this.#random() * KNOCK_JITTER_MS;
  }

  /** Whether to knock now; then the next knock is due later. */
  isDue(now: number): boolean {
    if (now < this.#dueAt || !this.#bucket.take(1, now)) return false;
    const wait = KNOCK_AGAIN_MS[Math.min(this.#count++, KNOCK_AGAIN_MS.length - 1)]!;
    this.#dueAt = now + wait * (1 + this.#random() / 2);
    return true;
  }

  /**
   * Notes that this member does not belong to the room any more.
   *
   * @returns Whether that is new.
   */
  refuse(): boolean {
    const isNew = !this.#isRefused;
    this.#isRefused = true;
    this.#count = KNOCK_AGAIN_MS.length;
    return isNew;
  }

  /** Notes that the key is there. */
  stop(): void {
    this.#dueAt = Infinity;
    this.#count = 0;
    this.#isRefused = false;
  }
}
