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

/** Decodes hexadecimal; throws on anything else. */
export function decodeHex(src: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.fromHex(src);
}
