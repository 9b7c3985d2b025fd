/**
 * Stand-in for `@std/encoding/base64url` over the engine's own base64.
 *
 * @module
 */

/** Encodes bytes as base64url without padding. */
export function encodeBase64Url(data: ArrayBuffer | Uint8Array | string): string {
  return toBytes(data).toBase64({ alphabet: "base64url", omitPadding: true });
}

/** Decodes base64url, with or without padding; throws on anything else. */
export function decodeBase64Url(b64url: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(b64url)) throw new TypeError("Cannot decode: not base64url");
  return Uint8Array.fromBase64(b64url, { alphabet: "base64url" });
}

function toBytes(data: ArrayBuffer | Uint8Array | string): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
