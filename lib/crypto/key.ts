/**
 * The text of a key, as it stands in `secret.key`: 32 random bytes in base64url with padding, 44
 * characters. Every Fernet library writes keys in this form.
 *
 * @module
 * @see https://github.com/fernet/spec/blob/master/Spec.md "Key Format"
 */

import { decodeBase64Url, encodeBase64Url } from "@std/encoding/base64url";

/** Bytes of a Fernet key. */
export const KEY_BYTES = 32;
/** 43 characters carry 258 bits. The two lowest bits of the last one must be zero. */
const KEY_PATTERN = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]=$/;

/** Makes the text of a new random key. */
export function generateKey(): string {
  return encodeBase64Url(crypto.getRandomValues(new Uint8Array(KEY_BYTES))) + "=";
}

/**
 * Reads the text of a key.
 *
 * @param text The 44 characters of the key, and nothing around them.
 * @returns 32 bytes: 16 to sign with, then 16 to encrypt with.
 * @throws {TypeError} If `text` is not a string, or not canonical base64url.
 * @throws {RangeError} If `text` does not have 44 characters.
 */
export function parseKey(text: string): Uint8Array<ArrayBuffer> {
  if (typeof text !== "string") throw new TypeError("Cannot parse key: not a string");
  if (text.length !== 44) {
    throw new RangeError(`Cannot parse key: ${text.length} characters instead of 44`);
  }
  if (!KEY_PATTERN.test(text)) {
    throw new TypeError("Cannot parse key: not 32 bytes in base64url");
  }
  return new Uint8Array(decodeBase64Url(text.slice(0, 43)));
}
