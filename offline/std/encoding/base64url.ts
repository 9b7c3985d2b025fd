/**
 * Stand-in for `@std/encoding/base64url` over the engine's own base64.
 *
 * @module
 */

const PADDING = 0x3d;

/** Encodes bytes as base64url without padding. */
export function encodeBase64Url(data: ArrayBuffer | Uint8Array | string): string {
  return toBytes(data).toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * Decodes base64url. As in the package, padding may lack, wholly or in part, and bits that belong
 * to no byte are dropped.
 *
 * @throws {RangeError} If no number of bytes has that many characters.
 * @throws {TypeError} If there is any other character.
 */
export function decodeBase64Url(b64url: string): Uint8Array<ArrayBuffer> {
  const text = b64url.replace(/={1,2}$/, "");
  const [first, second] = toBytes(b64url).subarray(-2);
  const isPaddedWithin = first === PADDING && second !== undefined && second !== PADDING;
  if (!isPaddedWithin && toBytes(text).length % 4 === 1) {
    throw new RangeError("Cannot decode: not whole bytes");
  }
  if (!/^[A-Za-z0-9_-]*$/.test(text)) throw new TypeError("Cannot decode: not base64url");
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}

function toBytes(data: ArrayBuffer | Uint8Array | string): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  // The package takes the bytes away from a Buffer.
  if (data.constructor === Uint8Array) return data;
  throw new Error("Cannot encode a Buffer: not supported by the stand-in");
}
