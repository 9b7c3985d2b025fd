/**
 * How fast a peer sends: how much it may send, how much it sent lately, and since when it is silent.
 *
 * @module
 * @see https://en.wikipedia.org/wiki/Token_bucket
 */

import { BUSY_BYTES_PER_SECOND, type Rate } from "../limits.ts";

/** Time in which bytes count as lately sent, in ms. */
const LATELY_MS = 1000;

/**
 * The pace of one peer. Its times are of a clock in ms that never runs back.
 *
 * While the relay does not read from a peer, the peer cannot be blamed for its silence: `excuse()`
 * moves its times on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const pace = new Pace(undefined, () => 5000);
 * pace.noteInput(100_000, 5000);
 * assert.equal(pace.isBusy, true);
 * ```
 */
export class Pace {
  /** When the peer last sent something. */
  inputAt = -Infinity;
  /** When its unfinished line began; undefined between lines. */
  lineBegunAt: number | undefined;
  /** Whether it is not read from because it is over its rate. */
  isThrottled = false;
  readonly #now: () => number;
  #rate: Rate | undefined;
  /** Allocated with the first bytes: most peers only listen. */
  #limiter: RateLimiter | undefined;
  /** When the second began in which `#recentBytes` were read. */
  #recentSince = -Infinity;
  #recentBytes = 0;
  #endThrottle: () => void = () => {};

  /**
   * @param rate How much the peer may send; undefined for no limit.
   * @param now The clock.
   */
  constructor(rate: Rate | undefined, now: () => number) {
    this.#rate = rate;
    this.#now = now;
  }

  /**
   * Bytes read from it in the last second or less. A peer that had to wait for longer has none, so
   * that no peer waits for ever.
   */
  get recentBytes(): number {
    return this.#now() - this.#recentSince > LATELY_MS ? 0 : this.#recentBytes;
  }

  /** Whether it sends so much that it can wait for others. */
  get isBusy(): boolean {
    return this.recentBytes > BUSY_BYTES_PER_SECOND;
  }

  /** Whether it has sent something in the last second. */
  get isTalking(): boolean {
    return this.#now() - this.inputAt < LATELY_MS;
  }

  /**
   * Counts what was read.
   *
   * @param bytes How many bytes.
   * @param now When.
   */
  noteInput(bytes: number, now: number): void {
    this.inputAt = now;
    if (now - this.#recentSince > LATELY_MS) {
      this.#recentSince = now;
      this.#recentBytes = 0;
    }
    this.#recentBytes += bytes;
  }

  /**
   * Notes whether a line is unfinished after what was read.
   *
   * @param isUnfinished Whether it is.
   * @param linesRead Lines that ended in what was read: with one, the unfinished line is a new one.
   * @param now When it was read.
   */
  noteLine(isUnfinished: boolean, linesRead: number, now: number): void {
    if (!isUnfinished) this.lineBegunAt = undefined;
    else if (linesRead > 0) this.lineBegunAt = now;
    else this.lineBegunAt ??= now;
  }

  /**
   * Sets another rate. It begins with a whole burst.
   *
   * @param rate How much the peer may send; undefined for no limit.
   */
  limit(rate: Rate | undefined): void {
    this.#rate = rate;
    this.#limiter = undefined;
  }

  /**
   * Takes what was read out of the rate's buckets.
   *
   * @param lines Lines that ended in it.
   * @param bytes Its bytes.
   * @param now When it was read.
   * @returns How long not to read, in ms.
   */
  spend(lines: number, bytes: number, now: number): number {
    if (!this.#rate) return 0;
    this.#limiter ??= new RateLimiter(this.#rate, now);
    return this.#limiter.spend(lines, bytes, now);
  }

  /**
   * Waits, and excuses the silence meanwhile.
   *
   * @param ms How long.
   */
  async throttle(ms: number): Promise<void> {
    this.isThrottled = true;
    const pausedAt = this.#now();
    const { promise: over, resolve } = Promise.withResolvers<void>();
    // Not a race with the peer's end: that promise would remember each pause while the peer is here.
    this.#endThrottle = resolve;
    const timer = setTimeout(resolve, ms);
    await over;
    clearTimeout(timer);
    this.isThrottled = false;
    this.excuse(this.#now() - pausedAt);
  }

  /** Ends the present pause. */
  endThrottle(): void {
    this.#endThrottle();
  }

  /**
   * Moves its times on.
   *
   * @param ms How long the relay did not read from it.
   */
  excuse(ms: number): void {
    this.inputAt += ms;
    if (this.lineBegunAt !== undefined) this.lineBegunAt += ms;
  }
}

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
