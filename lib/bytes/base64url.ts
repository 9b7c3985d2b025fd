/**
 * Base64url without padding: how bytes are written on control lines, in headers and in files.
 *
 * Only the canonical spelling is read, so that the same bytes always have the same text.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-5
 */

import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";

/**
 * Reads bytes of a known length.
 *
 * @param text Base64url without padding.
 * @param byteLength How many bytes the text must have.
 * @returns The bytes; undefined if `text` is not the canonical spelling of `byteLength` bytes.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseBase64Url("_w", 1), new Uint8Array([255]));
 * assert.equal(parseBase64Url("_x", 1), undefined);
 * ```
 */
export function parseBase64Url(
  text: string,
  byteLength: number,
): Uint8Array<ArrayBuffer> | undefined {
  const chars = Math.ceil(byteLength * 4 / 3);
  if (text.length !== chars || !/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const bytes = new Uint8Array(decodeBase64Url(text));
  // The last character can carry bits that belong to no byte. These bits must be zero.
  return encodeBase64Url(bytes) === text ? bytes : undefined;
}

/** Writes any number of bytes as base64url without padding. */
export function formatBase64Url(bytes: Uint8Array): string {
  return encodeBase64Url(bytes as Uint8Array<ArrayBuffer>);
}
