/**
 * How much a peer may send: two token buckets, one for lines, one for bytes.
 *
 * @module
 * @see https://en.wikipedia.org/wiki/Token_bucket
 */

import type { Rate } from "../limits.ts";

/**
 * Tells after each read how long the next one has to wait.
 *
 * What was read is always taken, so a bucket can go below zero by one read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const rate = { linesPerSecond: 10, linesBurst: 20, bytesPerSecond: 1e6, bytesBurst: 1e6 };
 * const limiter = new RateLimiter(rate, 0);
 * assert.equal(limiter.spend(20, 0, 0), 0);
 * assert.equal(limiter.spend(10, 0, 0), 1000);
 * ```
 */
export class RateLimiter {
  readonly #rate: Rate;
  #lines: number;
  #bytes: number;
  #filledAt: number;

  /**
   * @param rate What is allowed.
   * @param now A clock's time, in ms.
   */
  constructor(rate: Rate, now: number) {
    this.#rate = rate;
    this.#lines = rate.linesBurst;
    this.#bytes = rate.bytesBurst;
    this.#filledAt = now;
  }

  /**
   * Takes what was read out of the buckets.
   *
   * @param lines Lines that ended in it.
   * @param bytes Its bytes.
   * @param now The clock's time, in ms.
   * @returns How long not to read, in ms; 0 if both buckets hold something.
   */
  spend(lines: number, bytes: number, now: number): number {
    const { linesPerSecond, linesBurst, bytesPerSecond, bytesBurst } = this.#rate;
    const seconds = Math.max(0, now - this.#filledAt) / 1000;
    this.#filledAt = now;
    this.#lines = Math.min(linesBurst, this.#lines + seconds * linesPerSecond) - lines;
    this.#bytes = Math.min(bytesBurst, this.#bytes + seconds * bytesPerSecond) - bytes;
    const secondsLeft = Math.max(-this.#lines / linesPerSecond, -this.#bytes / bytesPerSecond, 0);
    return Math.ceil(secondsLeft * 1000);
  }
}
