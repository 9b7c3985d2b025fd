/**
 * Lines of a bounded length, out of bytes that are cut anywhere.
 *
 * @module
 * @see docs/PROTOCOL.md, "Lines"
 */

import { LineTooLongError } from "../errors.ts";

/** The byte that ends a line. */
export const LF = 0x0a;
/** The byte that may stand before it. */
const CR = 0x0d;

/**
 * Splits a byte stream into lines. LF ends a line; one CR before the LF belongs to the ending.
 *
 * Memory is bounded by `maxBytes`, even if LF never comes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const splitter = new LineSplitter(16);
 * const bytes = new TextEncoder().encode("one\ntw");
 * assert.deepEqual(splitter.push(bytes), [new TextEncoder().encode("one")]);
 * assert.deepEqual(splitter.finish(), new TextEncoder().encode("tw"));
 * ```
 */
export class LineSplitter {
  readonly #maxBytes: number;
  readonly #onTooLong: () => void;
  /** Its first `#length` bytes are the unfinished line. The buffer grows by doubling. */
  #buffer = new Uint8Array();
  #length = 0;
  /** Whether the unfinished line is too long. */
  #skipping = false;

  /**
   * @param maxBytes Longest line accepted, in bytes, its ending excluded.
   * @param onTooLong Called once for each longer line. It may throw; if it does not, the line is
   * skipped. By default it throws a {@linkcode LineTooLongError}.
   */
  constructor(maxBytes: number, onTooLong?: () => void) {
    this.#maxBytes = maxBytes;
    this.#onTooLong = onTooLong ?? (() => {
      throw new LineTooLongError(maxBytes);
    });
  }

  /**
   * Takes the next bytes.
   *
   * @param chunk Any number of bytes; the caller may reuse the array afterwards.
   * @returns The lines that end in it, in order, each a copy.
   * @throws {LineTooLongError} At a longer line, unless `onTooLong` was given.
   */
  push(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(LF, start);
      if (end < 0) break;
      const line = this.#complete(chunk.subarray(start, end));
      if (line) lines.push(line);
      start = end + 1;
    }
    this.#hold(chunk.subarray(start));
    return lines;
  }

  /**
   * Ends the stream.
   *
   * @returns The last line if it has no LF; undefined if nothing is left.
   * @throws {LineTooLongError} If that line is too long, unless `onTooLong` was given.
   */
  finish(): Uint8Array | undefined {
    return this.#length > 0 ? this.#complete(new Uint8Array()) : undefined;
  }

  #complete(tail: Uint8Array): Uint8Array | undefined {
    this.#hold(tail);
    if (this.#skipping) {
      this.#skipping = false;
      return undefined;
    }
    const endsInCr = this.#length > 0 && this.#buffer[this.#length - 1] === CR;
    const line = this.#buffer.slice(0, endsInCr ? this.#length - 1 : this.#length);
    this.#length = 0;
    if (line.length <= this.#maxBytes) return line;
    this.#onTooLong();
    return undefined;
  }

  #hold(tail: Uint8Array): void {
    if (this.#skipping) return;
    const length = this.#length + tail.length;
    // One byte more than a line may have, because that byte may be the CR of the ending.
    if (length > this.#maxBytes + 1) {
      this.#length = 0;
      this.#skipping = true;
      this.#onTooLong();
      return;
    }
    if (length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#buffer.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(tail, this.#length);
    this.#length = length;
  }
}
