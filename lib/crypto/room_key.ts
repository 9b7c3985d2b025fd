/**
 * What is derived from a room's key beside its Fernet key: the room's id, the key pair that admits
 * members, and a fingerprint to compare.
 *
 * @module
 * @see docs/PROTOCOL.md, "Derivations"
 */

import { importSigningKey, SEED_BYTES, type SigningKey } from "./ed25519.ts";
import { formatFingerprint } from "./fingerprint.ts";
import { deriveBytes, importSecret } from "./hkdf.ts";
import { parseKey } from "./key.ts";

/** Bytes of a room id. */
export const ROOM_ID_BYTES = 16;

const ROOM_ID_INFO = "encrypted-chatroom/v1 room-id";
const ADMISSION_INFO = "encrypted-chatroom/v1 admission";
const FINGERPRINT_LABEL = "encrypted-chatroom/v1 key-fingerprint";
/** Groups of digits in the key's fingerprint. */
const FINGERPRINT_GROUPS = 4;

/** What is derived from a room's key. Nothing of it decrypts. */
export interface RoomKey {
  /** 16 bytes that tell rooms apart. They tell nothing of the key. */
  readonly roomId: Uint8Array<ArrayBuffer>;
  /** The key pair that proves membership. A relay keeps the public half alone. */
  readonly admission: SigningKey;
  /** The key's fingerprint: four groups of five digits. */
  readonly fingerprint: string;
}

/**
 * Derives a {@linkcode RoomKey}. The id and the key pair are made by HKDF-SHA256 with an empty salt
 * from the 32 bytes of the key.
 *
 * @param text The key, 44 characters, as `generateKey()` returns it.
 * @throws {TypeError} If `text` is not a string, or not canonical base64url.
 * @throws {RangeError} If `text` does not have 44 characters.
 * @see https://www.rfc-editor.org/rfc/rfc5869
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const room = await deriveRoomKey("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=");
 * assert.equal(room.roomId.toHex(), "f55df89f04b46102a738345a5bb82fe4");
 * ```
 */
export async function deriveRoomKey(text: string): Promise<RoomKey> {
  const raw = parseKey(text);
  try {
    const secret = await importSecret(raw);
    const [roomId, seed, fingerprint] = await Promise.all([
      deriveBytes(secret, encode(ROOM_ID_INFO), ROOM_ID_BYTES),
      deriveBytes(secret, encode(ADMISSION_INFO), SEED_BYTES),
      formatFingerprint(FINGERPRINT_LABEL, raw, FINGERPRINT_GROUPS),
    ]);
    const admission = await importSigningKey(seed);
    seed.fill(0);
    return { roomId, admission, fingerprint };
  } finally {
    raw.fill(0);
  }
}

function encode(info: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(info);
}
