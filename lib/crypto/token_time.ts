/**
 * The time that a token carries, before anything of it is verified.
 *
 * @module
 * @see https://github.com/fernet/spec/blob/master/Spec.md
 */

/** The first byte of a token. */
const VERSION = 0x80;
/** Bytes of the version and the time. */
const HEAD_BYTES = 9;
/** Characters of a token that carry them. */
const HEAD_CHARS = 12;

/**
 * Reads the time of a token. It is not verified: it serves to choose keys alone.
 *
 * @param token Text of the form of a token.
 * @returns Unix seconds; undefined if the text does not begin as a token does.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(readTime("gAAAAABqbaeARERERERERERERERERERERM2x"), 1785571200);
 * assert.equal(readTime("hello"), undefined);
 * ```
 */
export function readTime(token: string): number | undefined {
  try {
    const head = Uint8Array.fromBase64(token.slice(0, HEAD_CHARS), { alphabet: "base64url" });
    if (head.length !== HEAD_BYTES || head[0] !== VERSION) return undefined;
    return Number(new DataView(head.buffer).getBigUint64(1));
  } catch {
    return undefined;
  }
}
