/**
 * How much a peer sends, how much it may send, and its pauses.
 *
 * @module
 */

import { BUSY_BYTES_PER_SECOND } from "../limits.ts";
import type { Allowance } from "./allowance.ts";

/** Opens what a peer may send, at a time in ms. */
export type OpenAllowance = (now: number) => Allowance;

/** Time over which {@linkcode Pace.recentBytes} counts, in ms. */
const RECENT_MS = 1000;

/**
 * What a peer has sent lately, and how long it has to pause for it.
 *
 * A peer that is not read from cannot send. The times from which its silence and its unfinished
 * line are counted are therefore put off by as long.
 */
export class Pace {
  /** When the peer last sent something, by the clock of `performance.now()`. */
  inputAt = -Infinity;
  /** Bytes of the last read. */
  readBytes = 0;
  /** When the peer's unfinished line began, by that clock; undefined if it has none. */
  lineBegunAt: number | undefined;
  /** Whether the relay does not read because the peer is over its rate. */
  isThrottled = false;
  readonly #now: () => number;
  #open: OpenAllowance | undefined;
  /** Opened with the first bytes, as most peers only listen. */
  #allowance: Allowance | undefined;
  /** When the second began in which `#recentBytes` were read, by that clock. */
  #recentSince = -Infinity;
  #recentBytes = 0;
  /** Ends the present pause, if there is one. */
  #endPause: () => void = () => {};

  /**
   * @param open Opens what the peer may send; undefined for no limit.
   * @param now The clock, in ms, which never runs back.
   */
  constructor(open: OpenAllowance | undefined, now = () => performance.now()) {
    this.#open = open;
    this.#now = now;
  }

  /**
   * Bytes read in the last second or less. It is 0 for a peer that had to wait for longer, so that
   * no peer waits for ever.
   */
  get recentBytes(): number {
    return this.#now() - this.#recentSince > RECENT_MS ? 0 : this.#recentBytes;
  }

  /** Whether the peer sends so much that it can wait for others. */
  get isBusy(): boolean {
    return this.recentBytes > BUSY_BYTES_PER_SECOND;
  }

  /**
   * Gives the peer another allowance.
   *
   * @param open Opens what it may send from now on; undefined for no limit.
   */
  setAllowance(open: OpenAllowance | undefined): void {
    this.#open = open;
    this.#allowance = undefined;
  }

  /**
   * Counts bytes that were read.
   *
   * @param bytes How many.
   * @param now When they were read, by the clock of `performance.now()`.
   */
  noteInput(bytes: number, now: number): void {
    this.inputAt = now;
    this.readBytes = bytes;
    if (now - this.#recentSince > RECENT_MS) {
      this.#recentSince = now;
      this.#recentBytes = 0;
    }
    this.#recentBytes += bytes;
  }

  /**
   * Notes whether a line is unfinished, and since when.
   *
   * @param isUnfinished Whether a line is unfinished.
   * @param hasEnded Whether another line ended in the same read.
   * @param now When the bytes were read, by the clock of `performance.now()`.
   */
  noteLine(isUnfinished: boolean, hasEnded: boolean, now: number): void {
    if (!isUnfinished) this.lineBegunAt = undefined;
    else if (hasEnded) this.lineBegunAt = now;
    else this.lineBegunAt ??= now;
  }

  /**
   * Takes a read out of the allowance. The lines are relayed already, so a bucket may owe tokens.
   *
   * @param lines How many lines ended in the read.
   * @param bytes How many bytes were read.
   * @param now When they were read, by the clock of `performance.now()`.
   * @returns How long not to read, in ms; 0 if no bucket owes anything.
   */
  spend(lines: number, bytes: number, now: number): number {
    if (!this.#open) return 0;
    this.#allowance ??= this.#open(now);
    return this.#allowance.spend(lines, bytes, now);
  }

  /** Waits for `ms` milliseconds, or until `endPause()`. The peer counts as throttled meanwhile. */
  async pause(ms: number): Promise<void> {
    this.isThrottled = true;
    const pausedAt = this.#now();
    const { promise: over, resolve } = Promise.withResolvers<void>();
    // A race with the peer's end would leak: an open promise remembers each race that it is in.
    this.#endPause = resolve;
    const timer = setTimeout(resolve, ms);
    await over;
    clearTimeout(timer);
    this.isThrottled = false;
    this.excuse(this.#now() - pausedAt);
  }

  /** Ends the present pause, if there is one. */
  endPause(): void {
    this.#endPause();
  }

  /**
   * Puts off the times from which silence and an unfinished line are counted.
   *
   * @param ms How long the relay did not read, in ms.
   */
  excuse(ms: number): void {
    this.inputAt += ms;
    if (this.lineBegunAt !== undefined) this.lineBegunAt += ms;
  }
}
