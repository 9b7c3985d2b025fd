/**
 * Sealing what a member keeps of a conversation, so that nobody reads it without the identity.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Kept messages"
 */

import { concat } from "../../bytes/concat.ts";
import { deriveBytes } from "../../crypto/hkdf.ts";

const INFO = "encrypted-chatroom/v1 kept-messages\0";
/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;
/** Bytes of a nonce of AES-GCM. */
const NONCE_BYTES = 12;

/**
 * A key for one member's messages of one room: AES-256-GCM, derived with HKDF-SHA256.
 *
 * What is sealed for one place does not open for another, so that parts cannot be exchanged.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { importSecret } from "../../crypto/hkdf.ts";
 * const key = await KeptKey.derive(await importSecret(new Uint8Array(64)), new Uint8Array(16));
 * const sealed = await key.seal(new Uint8Array([1, 2]), "block 1");
 * assert.deepEqual(await key.open(sealed, "block 1"), new Uint8Array([1, 2]));
 * assert.equal(await key.open(sealed, "block 2"), undefined);
 * ```
 */
export class KeptKey {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /**
   * Derives a key.
   *
   * @param secret An identity's secret, as `importSecret()` returned it.
   * @param roomId 16 bytes.
   */
  static async derive(secret: CryptoKey, roomId: Uint8Array): Promise<KeptKey> {
    const info = concat(new TextEncoder().encode(INFO), roomId);
    const bytes = await deriveBytes(secret, info, KEY_BYTES);
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [
      "encrypt",
      "decrypt",
    ]);
    bytes.fill(0);
    return new KeptKey(key);
  }

  /** Seals bytes for a place: a nonce, the ciphertext and its tag, 28 bytes more in all. */
  async seal(plaintext: Uint8Array<ArrayBuffer>, place: string): Promise<Uint8Array<ArrayBuffer>> {
    const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    const algorithm = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
    const sealed = await crypto.subtle.encrypt(algorithm, this.#key, plaintext);
    return concat(iv, new Uint8Array(sealed));
  }

  /** Opens what was sealed for a place; undefined if it is anything else. */
  async open(
    sealed: Uint8Array<ArrayBuffer>,
    place: string,
  ): Promise<Uint8Array<ArrayBuffer> | undefined> {
    const iv = sealed.subarray(0, NONCE_BYTES);
    const algorithm = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(place) };
    try {
      const ciphertext = sealed.subarray(NONCE_BYTES);
      return new Uint8Array(await crypto.subtle.decrypt(algorithm, this.#key, ciphertext));
    } catch {
      return undefined; // Every bad one looks the same.
    }
  }
}
