/**
 * A text under a passphrase: scrypt makes a key, and AES-256-GCM seals the text.
 *
 * A sealed text is one line, `sealed1.<log2 of N>.<salt>.<nonce and ciphertext>`. N is the cost of
 * scrypt; its r is 8, and its p is 1. The rest is base64url. The ciphertext ends with the tag, and
 * the tag also covers all that stands before the last point.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc7914
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";

/** Cost of scrypt for a new seal, as the exponent of 2: 128 MiB, and about half a second. */
export const SCRYPT_COST = 17;
/** Least cost that is accepted, as the exponent of 2: what costs less protects nothing. */
export const MIN_SCRYPT_COST = 10;
/** Greatest cost that is accepted, as the exponent of 2: 256 MiB. Each step doubles time and memory. */
export const MAX_SCRYPT_COST = 18;
/** Longest passphrase, in bytes: no person types more. */
export const MAX_PASSPHRASE_BYTES = 1024;

/** The r of scrypt. */
const BLOCK_SIZE = 8;
/** Bytes of memory that scrypt needs for each unit of cost. */
const BYTES_PER_COST = 128 * BLOCK_SIZE;
/** Bytes of the salt of scrypt. */
const SALT_BYTES = 16;
/** Bytes of the nonce of AES-GCM. */
const NONCE_BYTES = 12;
/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;
/** Characters of the salt in its line. */
export const SALT_CHARS = 22;
/** Bytes of the shortest box: a nonce, and the tag of nothing. */
const MIN_BOX_BYTES = NONCE_BYTES + 16;

/** A sealed text, taken apart. */
export interface SealedText {
  /** All that stands before the ciphertext. */
  readonly head: string;
  /** Cost of scrypt, as the exponent of 2. */
  readonly cost: number;
  readonly salt: Uint8Array;
  /** The nonce, the ciphertext and the tag. */
  readonly box: Uint8Array<ArrayBuffer>;
}

/**
 * Why a line is no sealed text: it is something else, it is of another version, it ends too early, or
 * one of its parts is not what it should be.
 */
export type SealedFault = "form" | "version" | "cut" | "cost" | "salt" | "box";

/**
 * Seals a text.
 *
 * @param text The text.
 * @param passphrase Compared in NFC: keyboards spell one character in several ways.
 * @returns One line, without LF.
 * @throws {RangeError} If the passphrase is empty, or longer than `MAX_PASSPHRASE_BYTES`.
 */
export async function sealText(text: string, passphrase: string): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const head = `sealed1.${SCRYPT_COST}.${formatBase64Url(salt)}`;
  const key = await deriveKey(passphrase, salt, SCRYPT_COST);
  const plaintext = new TextEncoder().encode(text);
  const ciphertext = await crypto.subtle.encrypt(gcm(nonce, head), key, plaintext);
  return `${head}.${formatBase64Url(concat(nonce, new Uint8Array(ciphertext)))}`;
}

/**
 * Reads a sealed text, without opening it.
 *
 * @param line One line, without its ending.
 * @returns What is wrong with the line, if anything is.
 */
export function parseSealed(line: string): SealedText | SealedFault {
  const [version = "", cost, salt, box, ...more] = line.split(".");
  if (!/^sealed[0-9]+$/.test(version) || more.length > 0) return "form";
  if (version !== "sealed1") return "version";
  if (cost === undefined) return "cut";
  const isNumber = /^[1-9][0-9]?$/.test(cost);
  if (!isNumber || Number(cost) < MIN_SCRYPT_COST || Number(cost) > MAX_SCRYPT_COST) return "cost";
  if (salt === undefined) return "cut";
  const saltBytes = salt.length === SALT_CHARS ? parseBase64Url(salt, SALT_BYTES) : undefined;
  if (!saltBytes) return "salt";
  if (box === undefined) return "cut";
  const bytes = parseBase64Url(box, Math.floor(box.length * 3 / 4));
  if (!bytes || bytes.length < MIN_BOX_BYTES) return "box";
  return { head: `${version}.${cost}.${salt}`, cost: Number(cost), salt: saltBytes, box: bytes };
}

/**
 * Opens a sealed text. Memory and time are bounded, whatever it says.
 *
 * @param sealed From {@linkcode parseSealed}.
 * @param passphrase The passphrase that it was sealed with.
 * @returns The text. Undefined if the passphrase is another one, or the text was changed.
 * @throws {RangeError} If the passphrase is empty, or longer than `MAX_PASSPHRASE_BYTES`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sealed = parseSealed(await sealText("secret", "correct horse"));
 * assert.ok(typeof sealed === "object");
 * assert.equal(await openText(sealed, "correct horse"), "secret");
 * assert.equal(await openText(sealed, "battery staple"), undefined);
 * ```
 */
export async function openText(
  { head, cost, salt, box }: SealedText,
  passphrase: string,
): Promise<string | undefined> {
  const key = await deriveKey(passphrase, salt, cost);
  try {
    const algorithm = gcm(box.subarray(0, NONCE_BYTES), head);
    const text = await crypto.subtle.decrypt(algorithm, key, box.subarray(NONCE_BYTES));
    return new TextDecoder().decode(text);
  } catch {
    return undefined; // GCM does not tell a wrong key from a changed ciphertext.
  }
}

function gcm(iv: Uint8Array<ArrayBuffer>, head: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(head) };
}

async function deriveKey(passphrase: string, salt: Uint8Array, cost: number): Promise<CryptoKey> {
  const bytes = new TextEncoder().encode(passphrase.normalize("NFC"));
  if (bytes.length === 0 || bytes.length > MAX_PASSPHRASE_BYTES) {
    throw new RangeError(`Cannot use passphrase: ${bytes.length} bytes`);
  }
  const { scrypt } = await import("node:crypto");
  const options = { N: 2 ** cost, r: BLOCK_SIZE, p: 1, maxmem: 2 * BYTES_PER_COST * 2 ** cost };
  const raw = await new Promise<Uint8Array>((resolve, reject) => {
    scrypt(bytes, salt, KEY_BYTES, options, (error, key) => error ? reject(error) : resolve(key));
  });
  try {
    const usages = ["encrypt", "decrypt"] as const;
    return await crypto.subtle.importKey("raw", new Uint8Array(raw), "AES-GCM", false, [...usages]);
  } finally {
    raw.fill(0);
    bytes.fill(0);
  }
}
