/**
 * One peer's place in the broadcast log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { concat } from "../../bytes/concat.ts";
import type { BroadcastLog, Segment } from "./log.ts";

/** Positions `[start, end)` of the log. */
interface Span {
  start: number;
  end: number;
}

/**
 * Reads the log from the position where it was opened, without copying. It leaves out the spans
 * that its peer wrote.
 *
 * A parked cursor holds nothing of the log in memory. `park()` and `rejoin()` leave out all that is
 * appended in between.
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
  /** Bytes of the segment that are behind the cursor. Unlike the position, a small integer. */
  #offset: number;
  /** The position while the cursor is parked. */
  #parkedAt = 0;
  /** The position at which reading stops for good. */
  #stop: number | undefined;
  /** Whether a write from the segment may be under way. */
  #isReading = false;
  #isClosed = false;
  /** The peer's own spans ahead, in order. Not allocated for a peer that only listens. */
  #own: Span[] | undefined;

  /** Opens a cursor at the end of a log. The log keeps what the cursor has still to read. */
  constructor(log: BroadcastLog) {
    this.#log = log;
    this.#segment = log.enter();
    this.#offset = this.#segment.length;
  }

  /** The position of the next byte to be read. */
  get position(): number {
    return this.#segment ? this.#segment.start + this.#offset : this.#parkedAt;
  }

  /** Whether the cursor holds nothing of the log in memory. */
  get isParked(): boolean {
    return this.#segment === undefined;
  }

  /** The position after the log's last byte. */
  get end(): number {
    return this.#log.end;
  }

  /** Bytes between the cursor and the end, the peer's own spans included; 0 while it is parked. */
  get lag(): number {
    if (!this.#segment) return 0;
    return Math.min(this.#stop ?? Infinity, this.#log.end) - this.position;
  }

  /**
   * Tells the cursor that bytes that were just appended are its peer's own.
   *
   * @param end The position after the bytes.
   * @param bytes How many bytes they are.
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
   * Returns the bytes to be written next, without moving past them. They do not change until
   * `advance()`. If the cursor is closed before, they never change.
   *
   * @param before The position at which the bytes end at the latest.
   * @returns A view into the log, as long as possible; undefined if there is nothing to write.
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
   * @param bytes How many were written: at most as many as the last `peek()` returned.
   */
  advance(bytes: number): void {
    this.#offset += bytes;
    this.#isReading = false;
  }

  /** Leaves the log for good. The log can then free what only this cursor held. */
  close(): void {
    this.#isClosed = true;
    this.park();
  }

  /** Goes on at the end of the log, if the cursor is parked. */
  rejoin(): void {
    if (this.#isClosed || this.#segment) return;
    this.#segment = this.#log.enter();
    this.#offset = this.#segment.length;
  }

  /** Holds nothing of the log and reads nothing, until `rejoin()`. */
  park(): void {
    if (!this.#segment) return;
    this.#parkedAt = this.position;
    this.#segment.cursors--;
    // A write from the segment may go on after its socket was closed.
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

/** Moves a cursor on by `bytes` and returns these bytes. They are valid until the next append. */
export function takeFrom(cursor: Cursor, bytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let left = bytes; left > 0;) {
    const part = cursor.peek()!.subarray(0, left);
    cursor.advance(part.length);
    parts.push(part);
    left -= part.length;
  }
  return parts.length === 1 ? parts[0]! : concat(...parts);
}

/** Positions `(from, to]` of the log. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}
