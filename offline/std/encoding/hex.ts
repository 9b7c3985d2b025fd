/**
 * Stand-in for `@std/encoding/hex` over the engine's own hex.
 *
 * @module
 */

/** Encodes bytes as lower-case hexadecimal. */
export function encodeHex(src: string | Uint8Array | ArrayBuffer): string {
  if (typeof src === "string") return new TextEncoder().encode(src).toHex();
  return (src instanceof ArrayBuffer ? new Uint8Array(src) : src).toHex();
}

/**
 * Decodes hexadecimal.
 *
 * @throws {RangeError} If it ends within a byte.
 * @throws {TypeError} If there is any other character.
 */
export function decodeHex(src: string): Uint8Array<ArrayBuffer> {
  if (new TextEncoder().encode(src).length % 2 === 1) {
    throw new RangeError("Cannot decode: not whole bytes");
  }
  if (!/^[0-9a-fA-F]*$/.test(src)) throw new TypeError("Cannot decode: not hexadecimal");
  return Uint8Array.fromHex(src);
}
