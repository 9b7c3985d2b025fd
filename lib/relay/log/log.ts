/**
 * The shared broadcast log. Every line is stored once, and every peer reads it through a cursor of
 * its own.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { MAX_SEGMENT_BYTES, MAX_SPARE_SEGMENTS, MIN_SEGMENT_BYTES } from "../limits.ts";

/** A part of the log. Bytes of it do not change while they are read. */
export interface Segment {
  readonly bytes: Uint8Array;
  /** Position in the log of the first byte. */
  readonly start: number;
  /** Bytes written so far. */
  length: number;
  /** Cursors that stand in the segment. */
  cursors: number;
  /** Whether a cursor left the segment in the middle of a write, which may go on for long. */
  isLent: boolean;
  /** The segment after this one; undefined in the newest. */
  next: Segment | undefined;
}

/** Bytes `[from, to)` of a segment. */
interface View {
  readonly segment: Segment;
  readonly from: number;
  readonly to: number;
  readonly bytes: Uint8Array;
}

/**
 * An append-only byte log in memory. Positions count bytes since its beginning.
 *
 * A segment is freed when no cursor stands in it or before it. Up to 8 MiB of freed segments are
 * kept to be filled again. Without them, the process would return memory and ask for it again all
 * the time.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Cursor } from "./cursor.ts";
 * const log = new BroadcastLog();
 * const cursor = new Cursor(log);
 * log.append(new TextEncoder().encode("hello\n"));
 * assert.equal(new TextDecoder().decode(cursor.peek()), "hello\n");
 * ```
 */
export class BroadcastLog {
  #oldest: Segment;
  #newest: Segment;
  /** Memory of freed segments, each of the largest size. */
  readonly #spare: Uint8Array[] = [];
  /** The last view that was asked for. Most cursors stand at one place, and ask for one view. */
  #view: View | undefined;
  /** Is called whenever memory was freed. */
  onFreed: () => void = () => {};

  /** Creates an empty log. */
  constructor() {
    this.#oldest = this.#newest = createSegment(0, new Uint8Array(MIN_SEGMENT_BYTES));
  }

  /** The position after the last byte. */
  get end(): number {
    return this.#newest.start + this.#newest.length;
  }

  /** Bytes from the beginning of the oldest segment to the end. */
  get heldBytes(): number {
    return this.end - this.#oldest.start;
  }

  /** The position after the oldest segment. Cursors before this position keep it in memory. */
  get oldestEnd(): number {
    return this.#oldest.start + this.#oldest.length;
  }

  /**
   * Appends a copy of some bytes.
   *
   * @param bytes Whole lines, each with its LF.
   */
  append(bytes: Uint8Array): void {
    let rest = bytes;
    while (rest.length > 0) {
      const segment = this.#newest;
      const part = rest.subarray(0, segment.bytes.length - segment.length);
      segment.bytes.set(part, segment.length);
      segment.length += part.length;
      rest = rest.subarray(part.length);
      if (segment.length === segment.bytes.length) this.#extend();
    }
    this.release();
  }

  /** Counts one more cursor in the newest segment. The caller places the cursor at its end. */
  enter(): Segment {
    this.#newest.cursors++;
    return this.#newest;
  }

  /**
   * Returns bytes of a segment without copying them. Cursors that ask for the same bytes one after
   * the other get the same view.
   *
   * @param segment The segment.
   * @param from Offset of the first byte in the segment.
   * @param to Offset behind the last byte.
   */
  view(segment: Segment, from: number, to: number): Uint8Array {
    const last = this.#view;
    if (last?.segment === segment && last.from === from && last.to === to) return last.bytes;
    const bytes = segment.bytes.subarray(from, to);
    this.#view = { segment, from, to, bytes };
    return bytes;
  }

  /** Frees the oldest segments while no cursor stands in them. */
  release(): void {
    const oldest = this.#oldest;
    while (this.#oldest.cursors === 0 && this.#oldest.next) {
      this.#keep(this.#oldest);
      this.#oldest = this.#oldest.next;
    }
    if (this.#oldest !== oldest) this.onFreed();
  }

  #keep({ bytes, isLent }: Segment): void {
    const isWanted = bytes.length === MAX_SEGMENT_BYTES && this.#spare.length < MAX_SPARE_SEGMENTS;
    if (isWanted && !isLent) this.#spare.push(bytes);
  }

  #extend(): void {
    const capacity = Math.min(2 * this.#newest.bytes.length, MAX_SEGMENT_BYTES);
    const segment = createSegment(this.end, this.#spare.pop() ?? new Uint8Array(capacity));
    this.#newest.next = segment;
    this.#newest = segment;
  }
}

function createSegment(start: number, bytes: Uint8Array): Segment {
  return { bytes, start, length: 0, cursors: 0, isLent: false, next: undefined };
}
