/**
 * What has been seen of one author.
 *
 * @module
 */

import { TokenBucket } from "../async/token_bucket.ts";
import type { SequenceWindow } from "../protocol/sequence_window.ts";
import { FORGET_AFTER_SECONDS, NEW_RUN_RATE } from "./limits.ts";

/** An author's windows, and the floor that dropped ones have left. All times are in unix seconds. */
export class SeenAuthor {
  /** The author's public key in base64url. */
  readonly id: string;
  /** The newest time of the windows that were dropped; 0 if none was. */
  floor = 0;
  /** The windows by epoch. */
  readonly windows = new Map<string, SequenceWindow>();
  /** The runs that the author may begin. */
  #runs: TokenBucket | undefined;

  constructor(id: string) {
    this.id = id;
  }

  /**
   * Counts one more run, and tells whether the author may begin it.
   *
   * Recordings of old runs, which others may send, must not use up what the author may begin.
   */
  mayBegin({ seenAt }: SequenceWindow, now: number): boolean {
    this.#runs ??= new TokenBucket(NEW_RUN_RATE, now * 1000);
    return now - seenAt > FORGET_AFTER_SECONDS || this.#runs.take(1, now * 1000);
  }

  /** The window of the oldest time. By these times the author itself says which are of use. */
  get oldest(): SequenceWindow {
    return oldestOf(this.windows.values())!;
  }

  /** The oldest window in which messages are missing; undefined if there is none. */
  get oldestHoled(): SequenceWindow | undefined {
    return oldestOf(this.windows.values().filter(({ missing }) => missing.length > 0));
  }

  /** Whether all that was seen is old by its time. A time far ahead was that of a wrong clock. */
  isLongAgo(now: number): boolean {
    return Math.abs(now - this.newestTime) > FORGET_AFTER_SECONDS;
  }

  /** The time of the newest message. */
  get newestTime(): number {
    return this.windows.values().reduce(
      (newest, { seenAt }) => Math.max(newest, seenAt),
      this.floor,
    );
  }
}

function oldestOf(windows: Iterable<SequenceWindow>): SequenceWindow | undefined {
  let oldest: SequenceWindow | undefined;
  for (const window of windows) if (!oldest || window.seenAt < oldest.seenAt) oldest = window;
  return oldest;
}
