/**
 * Ed25519 keys on WebCrypto, from seeds and from public keys that strangers send.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc8032
 */

import { parseBase64Url } from "../bytes/base64url.ts";

/** Bytes of a private seed. */
export const SEED_BYTES = 32;
/** Bytes of a public key. */
export const PUBLIC_KEY_BYTES = 32;
/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

/** The bytes before the seed in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = [
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06],
  ...[0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
];

/** p = 2^255 - 19, the order of the field. */
const FIELD = 2n ** 255n - 19n;
const SMALL_ORDER_Y8 = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
/**
 * The y coordinates of the eight points whose order divides 8. They are 0, 1 and p - 1, and two
 * coordinates of points of order 8. A point may have either sign of x.
 */
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD - 1n,
  SMALL_ORDER_Y8,
  FIELD - SMALL_ORDER_Y8,
]);

/** A key pair that signs. */
export interface SigningKey {
  /** Ed25519, not extractable. */
  readonly privateKey: CryptoKey;
  /** 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/**
 * Imports a private seed.
 *
 * @param seed 32 bytes. The caller may wipe them afterwards.
 * @returns The key, not extractable, and its public half.
 * @throws {RangeError} If `seed` does not have 32 bytes.
 */
export async function importSigningKey(seed: Uint8Array): Promise<SigningKey> {
  if (seed.length !== SEED_BYTES) {
    throw new RangeError(`Cannot import key: ${seed.length} bytes instead of ${SEED_BYTES}`);
  }
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  try {
    const [privateKey, extractable] = await Promise.all(
      [false, true].map((mayLeave) =>
        crypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", mayLeave, ["sign"])
      ),
    );
    // WebCrypto exports the public half of a private key only as JWK.
    const { x } = await crypto.subtle.exportKey("jwk", extractable!);
    return { privateKey: privateKey!, publicKey: parseBase64Url(x!, PUBLIC_KEY_BYTES)! };
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * Imports a public key.
 *
 * @param bytes 32 bytes, from anybody.
 * @returns The key, to verify with.
 * @throws {RangeError} If there are not 32 bytes, or if the key is of small order. Under such a
 * key, one signature fits many messages.
 */
export async function importPublicKey(bytes: Uint8Array): Promise<CryptoKey> {
  if (bytes.length !== PUBLIC_KEY_BYTES) {
    throw new RangeError(
      `Cannot import key: ${bytes.length} bytes instead of ${PUBLIC_KEY_BYTES}`,
    );
  }
  if (hasSmallOrder(bytes)) throw new RangeError("Cannot import key: its order is small");
  const raw = bytes as Uint8Array<ArrayBuffer>;
  return await crypto.subtle.importKey("raw", raw, "Ed25519", true, ["verify"]);
}

/**
 * Tells whether a public key is one of the points of small order, in any spelling.
 *
 * WebCrypto accepts these points, and they verify signatures that nobody made.
 *
 * @param bytes 32 bytes.
 * @see https://www.rfc-editor.org/rfc/rfc7748#section-7
 */
export function hasSmallOrder(bytes: Uint8Array): boolean {
  let y = 0n;
  for (let i = PUBLIC_KEY_BYTES - 1; i >= 0; i--) {
    // The highest bit is the sign of x.
    const byte = i === PUBLIC_KEY_BYTES - 1 ? bytes[i]! & 0x7f : bytes[i]!;
    y = y << 8n | BigInt(byte);
  }
  return SMALL_ORDER_Y.has(y % FIELD);
}
