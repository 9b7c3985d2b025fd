/**
 * What goes through a pipe: a file in sealed frames, and one sealed answer back.
 *
 * @module
 * @see docs/PROTOCOL.md, "Frames"
 */

import { KIB } from "../bytes/units.ts";

/** Bytes of the file in each frame but the last, which has what is left. */
export const FRAME_BYTES = 64 * KIB;
/** Bytes by which a sealed frame is longer: the tag of AES-GCM. */
export const FRAME_TAG_BYTES = 16;
/** Bytes of the key of one transfer. */
export const TRANSFER_KEY_BYTES = 32;
/** Bytes of a nonce: a number, and what the frame is. */
const NONCE_BYTES = 12;
/** The last byte of a nonce. */
const ROLES = { more: 0, last: 1, answer: 2 } as const;

/** What the taker answers: it has the file whole, under its name. */
const WHOLE = new Uint8Array([1]);

/**
 * Tells how many frames a file has.
 *
 * @param size Bytes of the file. An empty one has one empty frame.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([0, 65_536, 65_537].map(countFrames), [1, 1, 2]);
 * ```
 */
export function countFrames(size: number): number {
  return Math.max(1, Math.ceil(size / FRAME_BYTES));
}

/**
 * Tells how many bytes of the file a frame has.
 *
 * @param size Bytes of the file.
 * @param index Number of the frame, from 0.
 */
export function frameLength(size: number, index: number): number {
  return Math.max(0, Math.min(FRAME_BYTES, size - index * FRAME_BYTES));
}

/**
 * Seals and opens the frames of one transfer. A key is used for one transfer and no other.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const cipher = await FrameCipher.import(new Uint8Array(32));
 * const sealed = await cipher.seal(7, new Uint8Array([1, 2]), true);
 * assert.deepEqual(await cipher.open(7, sealed, true), new Uint8Array([1, 2]));
 * assert.equal(await cipher.open(7, sealed, false), undefined);
 * ```
 */
export class FrameCipher {
  readonly #key: CryptoKey;

  private constructor(key: CryptoKey) {
    this.#key = key;
  }

  /** @param key 32 random bytes. The caller may wipe them afterwards. */
  static async import(key: Uint8Array): Promise<FrameCipher> {
    const raw = key as Uint8Array<ArrayBuffer>;
    const usages: KeyUsage[] = ["encrypt", "decrypt"];
    return new FrameCipher(await crypto.subtle.importKey("raw", raw, "AES-GCM", false, usages));
  }

  /**
   * Seals a frame.
   *
   * @param index Number of the frame in the file, from 0.
   * @param bytes What it has of the file, 64 KiB at most.
   * @param isLast Whether the file ends with it.
   */
  async seal(index: number, bytes: Uint8Array, isLast: boolean): Promise<Uint8Array> {
    return await this.#seal(nonceOf(index, isLast ? ROLES.last : ROLES.more), bytes);
  }

  /**
   * Opens a frame.
   *
   * @returns Undefined if it is not this frame of this transfer, or was altered.
   */
  async open(index: number, sealed: Uint8Array, isLast: boolean): Promise<Uint8Array | undefined> {
    return await this.#open(nonceOf(index, isLast ? ROLES.last : ROLES.more), sealed);
  }

  /** Seals the taker's answer: it has the file whole. */
  async sealAnswer(): Promise<Uint8Array> {
    return await this.#seal(nonceOf(0, ROLES.answer), WHOLE);
  }

  /** Tells whether bytes are that answer. */
  async isAnswer(sealed: Uint8Array): Promise<boolean> {
    return (await this.#open(nonceOf(0, ROLES.answer), sealed))?.[0] === WHOLE[0];
  }

  async #seal(iv: Uint8Array<ArrayBuffer>, bytes: Uint8Array): Promise<Uint8Array> {
    const plain = bytes as Uint8Array<ArrayBuffer>;
    return new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, this.#key, plain));
  }

  async #open(
    iv: Uint8Array<ArrayBuffer>,
    sealed: Uint8Array,
  ): Promise<Uint8Array | undefined> {
    try {
      const bytes = sealed as Uint8Array<ArrayBuffer>;
      return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, this.#key, bytes));
    } catch {
      // Altered, or another frame: there is no telling which.
      return undefined;
    }
  }
}

/** Bytes of a sealed answer. */
export const ANSWER_BYTES = WHOLE.length + FRAME_TAG_BYTES;

/** The number in 11 bytes, the highest first, and the role in one. */
function nonceOf(index: number, role: number): Uint8Array<ArrayBuffer> {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setBigUint64(NONCE_BYTES - 9, BigInt(index));
  nonce[NONCE_BYTES - 1] = role;
  return nonce;
}
