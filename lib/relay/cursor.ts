/**
 * One peer's place in the broadcast log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import type { BroadcastLog, Segment } from "./log.ts";

/** Positions `[start, end)` of the log. */
interface Span {
  start: number;
  end: number;
}

/**
 * Reads the log from the position where it was opened, without copying, and
 * leaves out the spans that its peer wrote.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { BroadcastLog } from "./log.ts";
 * const log = new BroadcastLog();
 * const cursor = log.openCursor();
 * log.append(new TextEncoder().encode("mine\n"));
 * cursor.skipTo(log.end, 5);
 * assert.equal(cursor.peek(), undefined);
 * ```
 */
export class Cursor {
  readonly #log: BroadcastLog;
  #segment: Segment | undefined;
  #position: number;
  /** Where reading stops for good; past every position until `stop()`. */
  #stop = Infinity;
  /** Whether a write from the segment may be under way. */
  #isReading = false;
  /** The peer's own spans that are not behind the cursor yet, in order. */
  readonly #own: Span[] = [];

  /** Use `log.openCursor()`. */
  constructor(log: BroadcastLog, segment: Segment) {
    this.#log = log;
    this.#segment = segment;
    this.#position = segment.start + segment.length;
    segment.cursors++;
  }

  /** The position of the next byte to be read. */
  get position(): number {
    return this.#position;
  }

  /** Bytes between the cursor and the end, own spans included; 0 once it is closed. */
  get lag(): number {
    if (!this.#segment) return 0;
    return Math.min(this.#stop, this.#log.end) - this.#position;
  }

  /**
   * Tells the cursor that the bytes just appended are its peer's own.
   *
   * @param end The position after them.
   * @param bytes How many they are.
   */
  skipTo(end: number, bytes: number): void {
    if (!this.#segment) return;
    const start = end - bytes;
    const last = this.#own.at(-1);
    if (last?.end === start) last.end = end;
    else this.#own.push({ start, end });
  }

  /** Makes the present end of the log the last position that is read. */
  stop(): void {
    this.#stop = Math.min(this.#stop, this.#log.end);
  }

  /**
   * Returns the bytes to be written next, without moving past them. They stay as they are until
   * `advance()`; if the cursor is closed before, for good.
   *
   * @returns A view into the log, as long as possible; undefined if there is nothing.
   */
  peek(): Uint8Array | undefined {
    this.#passOwn();
    const limit = Math.min(this.#own[0]?.start ?? Infinity, this.#stop, this.#log.end);
    const segment = this.#enterSegment();
    if (!segment || this.#position >= limit) return undefined;
    const from = this.#position - segment.start;
    const to = Math.min(limit - segment.start, segment.length);
    this.#isReading = true;
    return segment.bytes.subarray(from, to);
  }

  /**
   * Moves past bytes that were written.
   *
   * @param bytes At most as many as the last `peek()` returned.
   */
  advance(bytes: number): void {
    this.#position += bytes;
    this.#isReading = false;
  }

  /** Leaves the log, so that it can free what only this cursor held. */
  close(): void {
    if (!this.#segment) return;
    this.#segment.cursors--;
    // Closing the socket does not end a write at once, below Deno 2.9.5 not at all.
    if (this.#isReading) this.#segment.isLent = true;
    this.#segment = undefined;
    this.#own.length = 0;
    this.#log.release();
  }

  #passOwn(): void {
    let passed = 0;
    for (const span of this.#own) {
      if (span.start > this.#position) break;
      this.#position = Math.max(this.#position, Math.min(span.end, this.#stop));
      passed++;
    }
    if (passed > 0) this.#own.splice(0, passed);
  }

  /** Moves to the segment that holds the position. */
  #enterSegment(): Segment | undefined {
    let segment = this.#segment;
    if (!segment?.next || this.#position < segment.next.start) return segment;
    segment.cursors--;
    while (segment.next && this.#position >= segment.next.start) segment = segment.next;
    segment.cursors++;
    this.#segment = segment;
    this.#log.release();
    return segment;
  }
}
