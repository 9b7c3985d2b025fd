/**
 * The proof that a member knows a room's key. The proof does not show the key: the relay sends
 * random bytes, and the member signs them.
 *
 * @module
 * @see docs/PROTOCOL.md, "Handshake"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { importPublicKey, PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { ROOM_ID_BYTES } from "../crypto/room_key.ts";
import { label } from "../crypto/signed_bytes.ts";

const ADMIT_LABEL = "encrypted-chatroom/v1 admit";
const PREFIX = "admission1";

/** All that a relay knows of its room. It can check proofs with it, and make none. */
export interface Admission {
  /** 16 bytes. */
  readonly roomId: Uint8Array<ArrayBuffer>;
  /** The public half of the admission key, 32 bytes. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
}

/** The random bytes of both sides of one handshake. */
export interface Nonces {
  /** 32 bytes, from the relay. */
  readonly server: Uint8Array;
  /** 16 bytes, from the client. */
  readonly client: Uint8Array;
}

/**
 * Answers a challenge.
 *
 * @param privateKey The room's admission key.
 * @param roomId 16 bytes.
 * @param nonces The random bytes of both sides.
 * @returns The Ed25519 signature for `!AUTH`, 64 bytes.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { deriveRoomKey } from "../crypto/room_key.ts";
 * const { roomId, admission } = await deriveRoomKey("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=");
 * const nonces = { server: new Uint8Array(32).fill(0x22), client: new Uint8Array(16).fill(0x11) };
 * const signature = await signAdmission(admission.privateKey, roomId, nonces);
 * const verifier = await AdmissionVerifier.import({ roomId, publicKey: admission.publicKey });
 * assert.equal(await verifier.verify(signature, nonces), true);
 * ```
 */
export async function signAdmission(
  privateKey: CryptoKey,
  roomId: Uint8Array,
  nonces: Nonces,
): Promise<Uint8Array<ArrayBuffer>> {
  const signature = await crypto.subtle.sign("Ed25519", privateKey, admitted(roomId, nonces));
  return new Uint8Array(signature);
}

/** Checks the answers to a room's challenges. */
export class AdmissionVerifier {
  readonly #roomId: Uint8Array;
  readonly #publicKey: CryptoKey;

  private constructor(roomId: Uint8Array, publicKey: CryptoKey) {
    this.#roomId = roomId;
    this.#publicKey = publicKey;
  }

  /**
   * Imports what a relay knows of its room.
   *
   * @throws {RangeError} If the public key is not usable.
   */
  static async import({ roomId, publicKey }: Admission): Promise<AdmissionVerifier> {
    return new AdmissionVerifier(roomId, await importPublicKey(publicKey));
  }

  /**
   * Checks an answer.
   *
   * @param signature 64 bytes; another number of bytes is wrong.
   * @param nonces The random bytes of both sides.
   */
  async verify(signature: Uint8Array, nonces: Nonces): Promise<boolean> {
    return await crypto.subtle.verify(
      "Ed25519",
      this.#publicKey,
      signature as Uint8Array<ArrayBuffer>,
      admitted(this.#roomId, nonces),
    );
  }
}

/**
 * Writes what a keyless relay needs, as one line.
 *
 * @returns `admission1.<room id>.<public key>`, both in base64url, without LF.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const roomId = new Uint8Array(16);
 * const publicKey = new Uint8Array(32).fill(7);
 * const text = formatAdmission({ roomId, publicKey });
 * assert.deepEqual(parseAdmission(text), { roomId, publicKey });
 * ```
 */
export function formatAdmission({ roomId, publicKey }: Admission): string {
  return `${PREFIX}.${formatBase64Url(roomId)}.${formatBase64Url(publicKey)}`;
}

/**
 * Reads what `formatAdmission()` wrote.
 *
 * @param text The line, without LF.
 * @throws {TypeError} If `text` is not of that form.
 */
export function parseAdmission(text: string): Admission {
  const [prefix, id = "", key = "", ...more] = text.split(".");
  const roomId = parseBase64Url(id, ROOM_ID_BYTES);
  const publicKey = parseBase64Url(key, PUBLIC_KEY_BYTES);
  if (prefix !== PREFIX || !roomId || !publicKey || more.length > 0) {
    throw new TypeError("Cannot parse admission: not admission1.<room id>.<public key>");
  }
  return { roomId, publicKey };
}

function admitted(roomId: Uint8Array, { server, client }: Nonces): Uint8Array<ArrayBuffer> {
  return concat(label(ADMIT_LABEL), roomId, server, client);
}
