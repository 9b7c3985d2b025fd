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
 * const cursor = new Cursor(log);
 * log.append(new TextEncoder().encode("mine\n"));
 * cursor.skipTo(log.end, 5);
 * assert.equal(cursor.peek(), undefined);
 * ```
 */
export class Cursor {
  readonly #log: BroadcastLog;
  #segment: Segment | undefined;
  /** Bytes of the segment that are behind it; a small integer, unlike the position. */
  #offset: number;
  /** Its position while it is parked. */
  #parkedAt = 0;
  /** Where reading stops for good. */
  #stop: number | undefined;
  /** Whether a write from the segment may be under way. */
  #isReading = false;
  #isClosed = false;
  /** The peer's own spans that are not behind the cursor yet, in order; most peers only listen. */
  #own: Span[] | undefined;

  /**
   * Opens a cursor at the end of a log. It reads all that is appended from then on.
   *
   * @param log The log, which keeps what the cursor has still to read.
   */
  constructor(log: BroadcastLog) {
    this.#log = log;
    this.#segment = log.enter();
    this.#offset = this.#segment.length;
  }

  /** The position of the next byte to be read. */
  get position(): number {
    return this.#segment ? this.#segment.start + this.#offset : this.#parkedAt;
  }

  /** Whether it holds nothing in the log. */
  get isParked(): boolean {
    return this.#segment === undefined;
  }

  /** The position after the log's last byte. */
  get end(): number {
    return this.#log.end;
  }

  /** Bytes between the cursor and the end, own spans included; 0 while it holds nothing. */
  get lag(): number {
    if (!this.#segment) return 0;
    return Math.min(this.#stop ?? Infinity, this.#log.end) - this.position;
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
    const last = this.#own?.at(-1);
    if (last?.end === start) last.end = end;
    else (this.#own ??= []).push({ start, end });
  }

  /** Makes the present end of the log the last position that is read. */
  stop(): void {
    this.#stop ??= this.#log.end;
  }

  /**
   * Returns the bytes to be written next, without moving past them. They stay as they are until
   * `advance()`; if the cursor is closed before, for good.
   *
   * @param before Position at which they end at the latest.
   * @returns A view into the log, as long as possible; undefined if there is nothing.
   */
  peek(before?: number): Uint8Array | undefined {
    if (!this.#segment) return undefined;
    if (this.#own?.length) this.#passOwn();
    const segment = this.#enterSegment(this.#segment);
    let to = segment.length;
    const own = this.#own?.[0]?.start;
    if (own !== undefined) to = Math.min(to, own - segment.start);
    if (before !== undefined) to = Math.min(to, before - segment.start);
    if (this.#stop !== undefined) to = Math.min(to, this.#stop - segment.start);
    if (this.#offset >= to) return undefined;
    this.#isReading = true;
    return this.#log.view(segment, this.#offset, to);
  }

  /**
   * Moves past bytes that were written.
   *
   * @param bytes At most as many as the last `peek()` returned.
   */
  advance(bytes: number): void {
    this.#offset += bytes;
    this.#isReading = false;
  }

  /** Leaves the log for good, so that it can free what only this cursor held. */
  close(): void {
    this.#isClosed = true;
    this.park();
  }

  /** Goes on at the end of the log; the bytes in between are not read. */
  rejoin(): void {
    if (this.#isClosed || this.#segment) return;
    this.#segment = this.#log.enter();
    this.#offset = this.#segment.length;
  }

  /** Holds nothing in the log and reads nothing, until `rejoin()`. */
  park(): void {
    if (!this.#segment) return;
    this.#parkedAt = this.position;
    this.#segment.cursors--;
    // Closing the socket does not end a write at once.
    if (this.#isReading) this.#segment.isLent = true;
    this.#segment = undefined;
    this.#own = undefined;
    this.#log.release();
  }

  #passOwn(): void {
    const own = this.#own!;
    const before = this.position;
    let position = before;
    let passed = 0;
    for (const { start, end } of own) {
      if (start > position) break;
      position = Math.max(position, Math.min(end, this.#stop ?? Infinity));
      passed++;
    }
    if (passed === 0) return;
    own.splice(0, passed);
    this.#offset += position - before;
  }

  /** Moves to the segment that holds the position, which may lie behind the present one. */
  #enterSegment(present: Segment): Segment {
    if (!present.next || this.#offset < present.length) return present;
    let segment = present;
    while (segment.next && this.#offset >= segment.length) {
      this.#offset -= segment.length;
      segment = segment.next;
    }
    present.cursors--;
    segment.cursors++;
    this.#segment = segment;
    this.#log.release();
    return segment;
  }
}

/** Positions `(from, to]` of the log. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
