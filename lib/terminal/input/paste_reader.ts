/**
 * Bracketed paste: what comes between its two marks.
 *
 * @module
 * @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html "Bracketed Paste Mode"
 */

import { MIB } from "../../bytes/units.ts";
import type { TextPasted } from "./input_events.ts";
import { Utf8Reader } from "./utf8_reader.ts";

/** Longest paste that is kept, in bytes: one that is too long to send is still measured. */
export const MAX_PASTE_BYTES = MIB;

/** The byte that a paste's end begins with. */
const ESC = 0x1b;
const END = new TextEncoder().encode("\x1b[201~");
/** First size of the buffer for a paste, in bytes. */
const FIRST_SIZE = 1024;

/**
 * Collects a paste up to its end mark, or up to a limit.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const reader = new PasteReader();
 * const bytes = new TextEncoder().encode("a\r\nb\x1b[201~c");
 * assert.equal(reader.push(bytes, 0), bytes.length - 1);
 * assert.deepEqual(reader.take(), { kind: "paste", text: "a\nb", isWhole: true });
 * ```
 */
export class PasteReader {
  readonly #maxBytes: number;
  #bytes = new Uint8Array(0);
  #length = 0;
  #isOver = false;
  /** How many bytes of the end mark came last. */
  #matched = 0;

  /** @param maxBytes Bytes that are kept at most; of a longer paste nothing is. */
  constructor(maxBytes: number = MAX_PASTE_BYTES) {
    this.#maxBytes = maxBytes;
  }

  /** Whether the end mark came: {@linkcode take} the paste before pushing more. */
  get hasEnded(): boolean {
    return this.#matched === END.length;
  }

  /**
   * Takes bytes.
   *
   * @param bytes From the terminal, cut anywhere.
   * @param start Where to begin in them.
   * @returns Where the paste ends in them; their length unless the end mark came.
   */
  push(bytes: Uint8Array, start: number): number {
    let index = start;
    while (index < bytes.length && !this.hasEnded) {
      if (bytes[index] === END[this.#matched]) {
        this.#matched++;
        index++;
        continue;
      }
      this.#add(END.subarray(0, this.#matched));
      this.#matched = 0;
      const escape = bytes.indexOf(ESC, index);
      const end = escape === -1 ? bytes.length : escape;
      this.#add(bytes.subarray(index, end));
      index = end;
    }
    return index;
  }

  /**
   * Ends the paste, whether or not its end mark came, and begins with nothing again.
   *
   * @returns The text, its line breaks as LF and what is not UTF-8 as U+FFFD.
   */
  take(): TextPasted {
    const { hasEnded } = this;
    if (!hasEnded) this.#add(END.subarray(0, this.#matched));
    const { text, isUtf8 } = new Utf8Reader().push(this.#bytes.subarray(0, this.#length), true);
    const isWhole = hasEnded && !this.#isOver;
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    this.#isOver = false;
    this.#matched = 0;
    const pasted: TextPasted = { kind: "paste", text: text.replace(/\r\n?/g, "\n"), isWhole };
    return isUtf8 ? pasted : { ...pasted, isBroken: true };
  }

  #add(bytes: Uint8Array): void {
    if (this.#isOver) return;
    const length = this.#length + bytes.length;
    if (length > this.#maxBytes) {
      this.#isOver = true;
      this.#bytes = new Uint8Array(0);
      this.#length = 0;
      return;
    }
    if (length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(length, 2 * this.#bytes.length, FIRST_SIZE));
      grown.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = grown;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
  }
}
