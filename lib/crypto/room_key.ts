/**
 * What is derived from a room's key beside its Fernet key: the room's id, the key pair that admits
 * members, and a fingerprint to compare.
 *
 * @module
 * @see docs/PROTOCOL.md, "Derivations"
 */

import { concat } from "../bytes/concat.ts";
import { importSigningKey, SEED_BYTES, type SigningKey } from "./ed25519.ts";
import { formatFingerprint } from "./fingerprint.ts";
import { deriveBytes, importSecret } from "./hkdf.ts";
import {
  type GenerationName,
  isFirstForm,
  parseRoomSecret,
  type RoomSecret,
  wipeSecret,
} from "./room_secret.ts";

/** Bytes of a room id. */
export const ROOM_ID_BYTES = 16;

const ROOM_ID_INFO = "encrypted-chatroom/v1 room-id";
const ADMISSION_INFO = "encrypted-chatroom/v1 admission";
const FINGERPRINT_LABEL = "encrypted-chatroom/v1 key-fingerprint";
const SECOND_FINGERPRINT_LABEL = "encrypted-chatroom/v2 key-fingerprint";
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
 * from the 32 bytes of the first key, which stay when the room moves on. The fingerprint does not.
 *
 * @param text The room's secret, as `formatRoomSecret()` returns it: the 44 characters of a key, or
 * lines.
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
  const parsed = await parseRoomSecret(text);
  const { root } = parsed;
  try {
    const secret = await importSecret(root);
    const [roomId, seed, fingerprint] = await Promise.all([
      deriveBytes(secret, encode(ROOM_ID_INFO), ROOM_ID_BYTES),
      deriveBytes(secret, encode(ADMISSION_INFO), SEED_BYTES),
      fingerprintRoom(parsed),
    ]);
    const admission = await importSigningKey(seed);
    seed.fill(0);
    return { roomId, admission, fingerprint };
  } finally {
    wipeSecret(parsed);
  }
}

/**
 * Writes the fingerprint of a room: four groups of digits. Whoever sees the same one has the same
 * keys.
 */
export async function fingerprintRoom(secret: RoomSecret): Promise<string> {
  const { root, generations: [newest] } = secret;
  if (isFirstForm(secret)) {
    return await formatFingerprint(FINGERPRINT_LABEL, root, FINGERPRINT_GROUPS);
  }
  const bytes = concat(root, nameBytes(newest));
  try {
    return await formatFingerprint(SECOND_FINGERPRINT_LABEL, bytes, FINGERPRINT_GROUPS);
  } finally {
    bytes.fill(0);
  }
}

/** The number of a generation, big-endian in 4 bytes, and its mark. */
function nameBytes({ number, mark }: GenerationName): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, number);
  return concat(bytes, mark);
}

function encode(info: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(info);
}
