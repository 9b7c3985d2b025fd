/**
 * Fernet tokens on WebCrypto: AES-128-CBC, and then HMAC-SHA256 over everything before the HMAC.
 *
 * A token is base64url, with padding, of
 * `0x80 ‖ time (u64, big-endian, s) ‖ IV (16 bytes) ‖ ciphertext (16 n) ‖ HMAC (32)`.
 *
 * @module
 * @see https://github.com/fernet/spec/blob/master/Spec.md
 */

import { parseKey } from "./crypto/key.ts";
import { InvalidTokenError } from "./errors.ts";

export { generateKey } from "./crypto/key.ts";
export { InvalidTokenError };

/** How far in the future a token's time may lie, in seconds, as in the Fernet spec. */
const MAX_CLOCK_SKEW_SECONDS = 60;
/** First byte of a token: the version of Fernet. */
const VERSION = 0x80;
/** Bytes of a block of AES, and so of an initialization vector. */
const BLOCK_BYTES = 16;
/** Bytes of the HMAC at a token's end. */
const MAC_BYTES = 32;
/** Bytes of the version and the time. */
const HEAD_BYTES = 9;
/** Bytes of a token around its ciphertext. */
const OVERHEAD_BYTES = HEAD_BYTES + BLOCK_BYTES + MAC_BYTES;

/** A key ready for use. Neither half can be exported. */
export interface FernetKey {
  /** HMAC-SHA256, from the first 16 bytes. */
  readonly signing: CryptoKey;
  /** AES-128-CBC, from the last 16 bytes. */
  readonly encryption: CryptoKey;
}

/** Settings of {@linkcode encrypt}. */
export interface EncryptOptions {
  /** The time that the token has, in whole unix seconds. The default is the clock's. */
  now?: number;
  /** 16 bytes that must never be used twice under a key. Random by default. For test vectors. */
  iv?: Uint8Array;
}

/** Settings of {@linkcode decrypt}. */
export interface DecryptOptions {
  /** The time to judge the token by, in unix seconds. The default is the clock's. */
  now?: number;
  /** Greatest age of the token, in seconds. By default the token's time is not checked at all. */
  ttlSeconds?: number;
  /** How far the token's time may lie ahead of `now`, in seconds. The default is 60. */
  maxClockSkewSeconds?: number;
}

/** What a valid token holds. */
export interface Decrypted {
  /** The bytes that were encrypted. */
  plaintext: Uint8Array;
  /** The token's time, in unix seconds, by its sender's clock. Exact up to 2^53. */
  issuedAt: number;
  /** The token's HMAC, 32 bytes. Two tokens with the same HMAC are the same token. */
  mac: Uint8Array;
  /** Index of the key under which the token is valid. */
  keyIndex: number;
}

/**
 * Imports a key.
 *
 * @param text 44 characters, as `generateKey()` returns them.
 * @returns The key, for any number of calls.
 * @throws {TypeError} If `text` is not a string, or not canonical base64url.
 * @throws {RangeError} If `text` does not have 44 characters.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const key = await importKey(generateKey());
 * assert.equal(key.signing.extractable, false);
 * ```
 */
export async function importKey(text: string): Promise<FernetKey> {
  const raw = parseKey(text);
  try {
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const [signing, encryption] = await Promise.all([
      crypto.subtle.importKey("raw", raw.subarray(0, 16), hmac, false, ["sign", "verify"]),
      crypto.subtle.importKey("raw", raw.subarray(16), "AES-CBC", false, ["encrypt", "decrypt"]),
    ]);
    return { signing, encryption };
  } finally {
    raw.fill(0);
  }
}

/**
 * Encrypts and signs bytes.
 *
 * @param key From `importKey()`.
 * @param plaintext Any number of bytes.
 * @param options The token's time and IV.
 * @returns The token: base64url with padding, `gAAAAA...`.
 * @throws {TypeError} If `plaintext` or `iv` is not a `Uint8Array`.
 * @throws {RangeError} If `iv` does not have 16 bytes, or `now` is not a whole number from 0 to
 * 2^53 - 1.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const key = await importKey(generateKey());
 * const token = await encrypt(key, new TextEncoder().encode("hello"));
 * assert.match(token, /^gAAAAA/);
 * ```
 */
export async function encrypt(
  key: FernetKey,
  plaintext: Uint8Array,
  options: EncryptOptions = {},
): Promise<string> {
  if (!(plaintext instanceof Uint8Array)) {
    throw new TypeError("Cannot encrypt: plaintext is not a Uint8Array");
  }
  const { now = Math.floor(Date.now() / 1000), iv } = options;
  if (!Number.isSafeInteger(now) || now < 0) {
    throw new RangeError("Cannot encrypt: time is not a whole number of seconds");
  }
  const paddedBytes = plaintext.length - plaintext.length % BLOCK_BYTES + BLOCK_BYTES;
  const token = new Uint8Array(OVERHEAD_BYTES + paddedBytes);
  token[0] = VERSION;
  new DataView(token.buffer).setBigUint64(1, BigInt(now));
  const ivPart = token.subarray(HEAD_BYTES, HEAD_BYTES + BLOCK_BYTES);
  if (iv === undefined) crypto.getRandomValues(ivPart);
  else ivPart.set(checkIv(iv));

  const ciphertext = await crypto.subtle.encrypt(
    { name: "AES-CBC", iv: ivPart },
    key.encryption,
    plaintext as Uint8Array<ArrayBuffer>,
  );
  token.set(new Uint8Array(ciphertext), HEAD_BYTES + BLOCK_BYTES);
  const signed = token.subarray(0, token.length - MAC_BYTES);
  const mac = await crypto.subtle.sign("HMAC", key.signing, signed);
  token.set(new Uint8Array(mac), signed.length);
  return token.toBase64({ alphabet: "base64url" });
}

/**
 * Verifies and decrypts a token: its form, its MAC, its time, its padding. There is one error for all.
 *
 * @param keys One key, or several that are tried in order (rotation).
 * @param token Canonical base64url with padding.
 * @param options How old the token may be, and the time to judge it by.
 * @returns The plaintext, and what the token says of it.
 * @throws {InvalidTokenError} If the token is not valid under any of the keys.
 * @throws {RangeError} If there are no keys, or an option is not a number from 0 up.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const key = await importKey(generateKey());
 * const token = await encrypt(key, new Uint8Array([1, 2, 3]));
 * const { plaintext } = await decrypt(key, token, { ttlSeconds: 60 });
 * assert.deepEqual(plaintext, new Uint8Array([1, 2, 3]));
 * ```
 */
export async function decrypt(
  keys: FernetKey | readonly FernetKey[],
  token: string,
  options: DecryptOptions = {},
): Promise<Decrypted> {
  const candidates = "signing" in keys ? [keys] : keys;
  if (candidates.length === 0) throw new RangeError("Cannot decrypt: no keys");
  checkOptions(options);

  const bytes = decodeToken(token);
  const signed = bytes.subarray(0, bytes.length - MAC_BYTES);
  const mac = bytes.subarray(bytes.length - MAC_BYTES);
  const keyIndex = await findKey(candidates, mac, signed);
  const issuedAt = Number(new DataView(bytes.buffer).getBigUint64(1));
  checkTime(issuedAt, options);

  const iv = signed.subarray(HEAD_BYTES, HEAD_BYTES + BLOCK_BYTES);
  const ciphertext = signed.subarray(HEAD_BYTES + BLOCK_BYTES);
  let plaintext: ArrayBuffer;
  try {
    const algorithm = { name: "AES-CBC", iv };
    plaintext = await crypto.subtle.decrypt(
      algorithm,
      candidates[keyIndex]!.encryption,
      ciphertext,
    );
  } catch {
    // The MAC is good and the padding is bad. A cause would tell this error from the others.
    throw new InvalidTokenError();
  }
  // A copy of the MAC does not keep the memory of the whole token in use.
  return { plaintext: new Uint8Array(plaintext), issuedAt, mac: mac.slice(), keyIndex };
}

function checkIv(iv: Uint8Array): Uint8Array {
  if (!(iv instanceof Uint8Array)) throw new TypeError("Cannot encrypt: IV is not a Uint8Array");
  if (iv.length !== BLOCK_BYTES) {
    throw new RangeError(`Cannot encrypt: IV of ${iv.length} bytes instead of 16`);
  }
  return iv;
}

function checkOptions(options: DecryptOptions): void {
  for (const name of ["now", "ttlSeconds", "maxClockSkewSeconds"] as const) {
    const value = options[name];
    if (value !== undefined && !(value >= 0)) {
      throw new RangeError(`Cannot decrypt: ${name} is not a number from 0 up`);
    }
  }
}

function decodeToken(token: string): Uint8Array<ArrayBuffer> {
  if (typeof token !== "string") throw new InvalidTokenError();
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = Uint8Array.fromBase64(token, { alphabet: "base64url", lastChunkHandling: "strict" });
  } catch {
    throw new InvalidTokenError();
  }
  // A strict fromBase64() still skips white space. The lengths then do not match.
  const padding = token.endsWith("==") ? 2 : token.endsWith("=") ? 1 : 0;
  if (bytes.length !== token.length / 4 * 3 - padding) throw new InvalidTokenError();
  const ciphertextBytes = bytes.length - OVERHEAD_BYTES;
  const wholeBlocks = ciphertextBytes >= BLOCK_BYTES && ciphertextBytes % BLOCK_BYTES === 0;
  if (bytes[0] !== VERSION || !wholeBlocks) throw new InvalidTokenError();
  return bytes;
}

async function findKey(
  keys: readonly FernetKey[],
  mac: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<number> {
  for (const [index, key] of keys.entries()) {
    if (await crypto.subtle.verify("HMAC", key.signing, mac, signed)) return index;
  }
  throw new InvalidTokenError();
}

function checkTime(issuedAt: number, options: DecryptOptions): void {
  const { now = Math.floor(Date.now() / 1000), ttlSeconds } = options;
  if (ttlSeconds === undefined) return;
  const { maxClockSkewSeconds = MAX_CLOCK_SKEW_SECONDS } = options;
  if (issuedAt + ttlSeconds < now || issuedAt > now + maxClockSkewSeconds) {
    throw new InvalidTokenError();
  }
}
