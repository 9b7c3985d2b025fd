/**
 * Stand-in for `@std/encoding/hex` over the engine's own hex.
 *
 * @module
 */

/** Encodes bytes as lower-case hexadecimal. */
export function encodeHex(src: string | Uint8Array | ArrayBuffer): string {
  if (typeof src === "string") return new TextEncoder().encode(src).toHex();
  if (src instanceof ArrayBuffer) return new Uint8Array(src).toHex();
  // The package takes the bytes away from a Buffer.
  if (src.constructor === Uint8Array) return src.toHex();
  throw new Error("Cannot encode a Buffer: not supported by the stand-in");
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
