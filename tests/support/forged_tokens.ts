/**
 * Tokens whose MAC is good over parts that may be bad, made without lib/.
 *
 * @module
 */

import { createCipheriv, createHmac } from "node:crypto";

/** The key of the Fernet spec's examples, under which tokens are forged. */
export const SECRET = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
/** The time of the Fernet spec's examples, in unix seconds. */
export const NOW = Date.parse("1985-10-26T01:20:01-07:00") / 1000;
const ZERO_IV = new Uint8Array(16);

/** What a forged token is made of; valid by default, and under an IV of zeros. */
export interface Parts {
  version?: number;
  /** Unix seconds, up to 2^64 - 1. */
  time?: number | bigint;
  iv?: Uint8Array;
  ciphertext?: Uint8Array;
}

/** Puts the parts together and signs them. */
export function forge(
  { version = 0x80, time = NOW, iv = ZERO_IV, ciphertext = cipherOf(padded(16)) }: Parts,
): string {
  const seconds = new Uint8Array(8);
  new DataView(seconds.buffer).setBigUint64(0, BigInt(time));
  const signed = Uint8Array.of(version, ...seconds, ...iv, ...ciphertext);
  const mac = createHmac("sha256", fromText(SECRET).subarray(0, 16)).update(signed).digest();
  return toText(Uint8Array.of(...signed, ...mac));
}

/** AES-128-CBC of whole blocks under an IV of zeros, without padding them. */
export function cipherOf(blocks: Uint8Array): Uint8Array {
  const cipher = createCipheriv("aes-128-cbc", fromText(SECRET).subarray(16), ZERO_IV);
  cipher.setAutoPadding(false);
  return Uint8Array.of(...cipher.update(blocks), ...cipher.final());
}

/** Two blocks, the last `length` bytes of which are their PKCS #7 padding. */
export function padded(length: number): Uint8Array {
  return new Uint8Array(32).fill(0x41).fill(length, 32 - length);
}

/** Bytes as base64url with padding. */
export function toText(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url" });
}

/** Bytes of base64url with padding. */
export function fromText(text: string): Uint8Array {
  return Uint8Array.fromBase64(text, { alphabet: "base64url" });
}
