/**
 * Where a relay is in the stream, and whether that is still the stream that it read before.
 *
 * @module
 */

import { REWIND_ENTRIES } from "./limits.ts";
import type { StreamInfo } from "./stream_info.ts";

/**
 * The place of the last entry that was taken. It goes back to look for what is missing, and never
 * before the place where the relay began to read: what is before that is of the past.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const position = new Position(100);
 * position.compare({ created: "2026", firstSeq: 1, lastSeq: 300 });
 * assert.deepEqual([position.next, position.hasBegun], [201, false]);
 * position.take(300);
 * assert.equal(position.hasBegun, true);
 * ```
 */
export class Position {
  readonly #readBack: number;
  #last = 0;
  #start = 0;
  /** The place of the last entry that there was at the start, and is still there. */
  #target = Infinity;
  /** When the stream was made, as the server says it; undefined before it was seen. */
  #created: string | undefined;

  /** @param readBack Entries before the end that are read at the start. */
  constructor(readBack: number) {
    this.#readBack = readBack;
  }

  /** The place of the entry that is to be read next: 1 or more. */
  get next(): number {
    return this.#last + 1;
  }

  /** Whether all is taken that there was at the start. */
  get hasBegun(): boolean {
    return this.#last >= this.#target;
  }

  /** Notes that an entry was taken. */
  take(place: number): void {
    this.#last = place;
  }

  /** Goes back some entries. */
  rewind(): void {
    this.#last = Math.max(this.#start, this.#last - REWIND_ENTRIES);
  }

  /**
   * Looks whether the stream is the one that was read before, and goes where it can be read.
   *
   * @returns What has become of it; undefined if it is as it was.
   */
  compare(info: Pick<StreamInfo, "created" | "firstSeq" | "lastSeq">): string | undefined {
    const { created, firstSeq, lastSeq } = info;
    const change = this.#findChange(info);
    if (this.#created === undefined) this.#start = this.#last = lastSeq - this.#readBack;
    else if (this.#created !== created) this.#start = this.#last = 0;
    else if (lastSeq < this.#last) {
      this.#start = Math.min(this.#start, lastSeq);
      this.#last = Math.max(this.#start, lastSeq - REWIND_ENTRIES);
    }
    this.#created = created;
    this.#last = Math.max(this.#last, firstSeq - 1, 0);
    this.#target = Math.min(this.#target, lastSeq);
    return change;
  }

  #findChange({ created, firstSeq, lastSeq }: Parameters<Position["compare"]>[0]) {
    if (this.#created === undefined) return undefined;
    if (this.#created !== created) return "it was made anew";
    if (lastSeq < this.#last) return "it has lost its last entries";
    return firstSeq > this.next ? "it has lost entries that were not read" : undefined;
  }
}
