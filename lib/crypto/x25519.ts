/**
 * X25519 keys on WebCrypto, from stored private keys and from public keys that strangers send.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc7748
 */

import { parseBase64Url } from "../bytes/base64url.ts";

/**
 * Bytes of a private key, of a public key, and of the secret that two keys agree on: all the same.
 */
export const AGREEMENT_BYTES = 32;

/** The bytes before the private key in PKCS #8 (RFC 8410, section 7). */
const PKCS8_PREFIX = [
  ...[0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06],
  ...[0x03, 0x2b, 0x65, 0x6e, 0x04, 0x22, 0x04, 0x20],
];

/** p = 2^255 - 19, the order of the field. */
const FIELD = 2n ** 255n - 19n;
/**
 * The u coordinates of all points of the curve and of its twist whose order divides 8. Every
 * private key agrees with such a point on zero.
 */
const LOW_ORDER_U: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  FIELD - 1n,
  0x00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0n,
  0x57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5fn,
]);

/** A key pair, which agrees on a secret with the key pair of another member. */
export interface AgreementKey {
  /** X25519, not extractable, for `deriveBits`. */
  readonly privateKey: CryptoKey;
  /** 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/**
 * Imports a private key.
 *
 * @param bytes 32 bytes of any value. The caller may wipe them afterwards.
 * @returns The key, not extractable, and its public half.
 * @throws {RangeError} If there are not 32 bytes.
 */
export async function importAgreementPair(bytes: Uint8Array): Promise<AgreementKey> {
  assertLength(bytes);
  const pkcs8 = new Uint8Array([...PKCS8_PREFIX, ...bytes]);
  try {
    const [privateKey, extractable] = await Promise.all(
      [false, true].map((mayLeave) =>
        crypto.subtle.importKey("pkcs8", pkcs8, "X25519", mayLeave, ["deriveBits"])
      ),
    );
    // WebCrypto exports the public half of a private key only as JWK.
    const { x } = await crypto.subtle.exportKey("jwk", extractable!);
    return { privateKey: privateKey!, publicKey: parseBase64Url(x!, AGREEMENT_BYTES)! };
  } finally {
    pkcs8.fill(0);
  }
}

/**
 * Imports a public key.
 *
 * @param bytes 32 bytes, from anybody, which may not change until this returns.
 * @returns The key, for {@linkcode agree}.
 * @throws {RangeError} If there are not 32 bytes, or if they are a point of low order. The secret
 * would then be zero and known to all.
 */
export async function importAgreementKey(bytes: Uint8Array): Promise<CryptoKey> {
  assertLength(bytes);
  if (LOW_ORDER_U.has(readCoordinate(bytes) % FIELD)) {
    throw new RangeError("Cannot import key: its order is low");
  }
  return await crypto.subtle.importKey("raw", bytes as Uint8Array<ArrayBuffer>, "X25519", true, []);
}

/**
 * Computes the secret that two keys agree on.
 *
 * @param privateKey The own private key, of an {@linkcode AgreementKey}.
 * @param publicKey The other key, which {@linkcode importAgreementKey} returned.
 * @returns 32 bytes, never all zero. They are input for HKDF, not a key. The caller wipes them.
 * @throws {RangeError} If the secret would be zero.
 * @see https://www.rfc-editor.org/rfc/rfc7748#section-6.1
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const a = await importAgreementPair(new Uint8Array(32).fill(1));
 * const b = await importAgreementPair(new Uint8Array(32).fill(2));
 * assert.deepEqual(
 *   await agree(a.privateKey, await importAgreementKey(b.publicKey)),
 *   await agree(b.privateKey, await importAgreementKey(a.publicKey)),
 * );
 * ```
 */
export async function agree(
  privateKey: CryptoKey,
  publicKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "X25519", public: publicKey };
  const bits = await crypto.subtle.deriveBits(algorithm, privateKey, 8 * AGREEMENT_BYTES)
    .catch((cause: unknown) => {
      throw new RangeError("Cannot agree: the secret is zero", { cause });
    });
  const secret = new Uint8Array(bits);
  // Deno throws for a zero secret. The standard lets an engine return it.
  if (secret.every((byte) => byte === 0)) throw new RangeError("Cannot agree: the secret is zero");
  return secret;
}

/** Reads a little-endian coordinate and ignores its highest bit, as RFC 7748 says. */
function readCoordinate(bytes: Uint8Array): bigint {
  let u = 0n;
  for (let i = AGREEMENT_BYTES - 1; i >= 0; i--) u = u << 8n | BigInt(bytes[i]!);
  return BigInt.asUintN(255, u);
}

function assertLength(bytes: Uint8Array): void {
  if (bytes.length === AGREEMENT_BYTES) return;
  throw new RangeError(
    `Cannot import key: ${bytes.length} bytes instead of ${AGREEMENT_BYTES}`,
  );
}
