/**
 * UTF-8 that is cut anywhere, and may be broken.
 *
 * @module
 */

import { concat } from "../../bytes/concat.ts";

/** Text, and whether it is what the bytes say. */
export interface ReadText {
  /** U+FFFD stands for what is not UTF-8. */
  readonly text: string;
  readonly isUtf8: boolean;
}

/**
 * Decodes bytes as they come. It keeps at most 3 of them: a character that is not whole.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const reader = new Utf8Reader();
 * assert.deepEqual(reader.push(new Uint8Array([0xc3])), { text: "", isUtf8: true });
 * assert.deepEqual(reader.push(new Uint8Array([0xa9])), { text: "é", isUtf8: true });
 * assert.deepEqual(reader.push(new Uint8Array([0xe9, 0x21])), { text: "\ufffd!", isUtf8: false });
 * ```
 */
export class Utf8Reader {
  readonly #strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  readonly #lenient = new TextDecoder("utf-8", { ignoreBOM: true });
  #held: Uint8Array = new Uint8Array(0);

  /**
   * Takes bytes.
   *
   * @param bytes Cut anywhere.
   * @param isEnd Whether the text ends with them: then a character that is not whole is broken.
   * @returns The text of all whole characters.
   */
  push(bytes: Uint8Array, isEnd = false): ReadText {
    const all = this.#held.length === 0 ? bytes : concat(this.#held, bytes);
    const end = isEnd ? all.length : all.length - countUnfinished(all);
    this.#held = all.slice(end);
    const whole = all.subarray(0, end);
    try {
      return { text: this.#strict.decode(whole), isUtf8: true };
    } catch {
      return { text: this.#lenient.decode(whole), isUtf8: false };
    }
  }
}

/** How many bytes at the end begin a character without ending it. */
function countUnfinished(bytes: Uint8Array): number {
  for (let count = 1; count <= Math.min(3, bytes.length); count++) {
    const byte = bytes[bytes.length - count]!;
    if (byte < 0x80) return 0;
    if (byte < 0xc0) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return length > count ? count : 0;
  }
  return 0;
}
