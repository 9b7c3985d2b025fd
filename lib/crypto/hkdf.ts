/**
 * HKDF-SHA256 with an empty salt, which derives keys and ids from one secret.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc5869
 */

/**
 * Imports a secret to derive from.
 *
 * @param bytes The secret, of any length. The caller may wipe it afterwards.
 * @returns The secret, not extractable, for {@linkcode deriveBytes}.
 */
export async function importSecret(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return await crypto.subtle.importKey("raw", bytes, "HKDF", false, ["deriveBits"]);
}

/**
 * Derives bytes.
 *
 * @param secret What {@linkcode importSecret} returned.
 * @param info Names the purpose of the bytes. Another purpose gives other bytes.
 * @param byteLength How many bytes are derived, 8,160 at most.
 */
export async function deriveBytes(
  secret: CryptoKey,
  info: Uint8Array<ArrayBuffer>,
  byteLength: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info };
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, secret, 8 * byteLength));
}
