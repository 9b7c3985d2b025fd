/**
 * Boxes for a chain: the secret of a room's new generation, sealed for one member each.
 *
 * A box is sealed for a member's key of the day, which is erased after two days. It is never sealed
 * for a lasting key: whoever recorded it and stole that key later would read all that follows.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { concat } from "../bytes/concat.ts";
import { deriveBytes, importSecret } from "../crypto/hkdf.ts";
import { CHAIN_BYTES } from "../crypto/key_chain.ts";
import { label } from "../crypto/signed_bytes.ts";
import { agree, type AgreementKey, importAgreementKey } from "../crypto/x25519.ts";

/** Bytes in front of a box, by which the member finds the one that it can open. */
export const TAG_BYTES = 8;
/** Bytes of a sealed chain: the chain, and the tag of AES-GCM. */
export const SEALED_CHAIN_BYTES = CHAIN_BYTES + 16;
/** Bytes of a box: its tag and the sealed chain. */
export const BOX_BYTES = TAG_BYTES + SEALED_CHAIN_BYTES;

const BOX_LABEL = "encrypted-chatroom/v2 rekey";
/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;
/** Each key seals one box, so that its nonce need not differ from those of others. */
const NONCE = new Uint8Array(12);

/** The public keys that a box is bound to, 32 bytes each. */
export interface BoxKeys {
  /** Who seals it: an Ed25519 key. */
  readonly sender: Uint8Array;
  /** The X25519 key that was made for this message. */
  readonly ephemeralKey: Uint8Array;
}

/** Boxes for many, and the key that they were made with. */
export interface SealedChain {
  /** 32 bytes. */
  readonly ephemeralKey: Uint8Array<ArrayBuffer>;
  /** The boxes, one behind the other, by their tags. */
  readonly boxes: Uint8Array<ArrayBuffer>;
}

/**
 * Seals a chain for members.
 *
 * @param chain 32 bytes.
 * @param dayKeys X25519 keys of the day, 32 bytes each. One that is not usable is passed over.
 * @param sender The Ed25519 key of who seals, 32 bytes.
 * @param ephemeral The key pair of this message; a new one unless it is given.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { importAgreementPair } from "../crypto/x25519.ts";
 * const bob = await importAgreementPair(new Uint8Array(32).fill(2));
 * const [chain, sender] = [new Uint8Array(32).fill(7), new Uint8Array(32)];
 * const { boxes, ephemeralKey } = await sealChain(chain, [bob.publicKey], sender);
 * assert.deepEqual(await openChain(boxes, bob, { sender, ephemeralKey }), chain);
 * ```
 */
export async function sealChain(
  chain: Uint8Array<ArrayBuffer>,
  dayKeys: readonly Uint8Array[],
  sender: Uint8Array,
  ephemeral?: AgreementKey,
): Promise<SealedChain> {
  const { privateKey, publicKey: ephemeralKey } = ephemeral ?? await makeEphemeral();
  const keys = { sender, ephemeralKey };
  const sealed = await Promise.all(dayKeys.map(async (dayKey) => {
    const box = await deriveBox(privateKey, dayKey, dayKey, keys).catch(toNothing);
    if (!box) return [];
    const bytes = await crypto.subtle.encrypt(gcm(), box.key, chain);
    return [concat(box.tag, new Uint8Array(bytes))];
  }));
  const boxes = concat(...sealed.flat().sort(compareTags));
  return { ephemeralKey, boxes };
}

/**
 * Opens the box that is sealed for a key of the day.
 *
 * @param boxes Boxes by their tags, as `sealChain()` makes them, from anybody.
 * @param dayKey This member's key pair of a day.
 * @param keys Who sealed them, and the key of the message.
 * @returns The chain, 32 bytes; undefined if there is no such box, or it does not open.
 */
export async function openChain(
  boxes: Uint8Array,
  { privateKey, publicKey }: AgreementKey,
  keys: BoxKeys,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const box = await deriveBox(privateKey, keys.ephemeralKey, publicKey, keys).catch(toNothing);
  if (!box) return undefined;
  for (let at = 0; at + BOX_BYTES <= boxes.length; at += BOX_BYTES) {
    if (compareTags(boxes.subarray(at, at + TAG_BYTES), box.tag) !== 0) continue;
    const sealed = boxes.slice(at + TAG_BYTES, at + BOX_BYTES) as Uint8Array<ArrayBuffer>;
    try {
      return new Uint8Array(await crypto.subtle.decrypt(gcm(), box.key, sealed));
    } catch {
      return undefined; // Somebody made a box that nobody can open.
    }
  }
  return undefined;
}

/** Whether boxes stand by their tags, and no tag is there twice. */
export function areSorted(boxes: Uint8Array): boolean {
  for (let at = BOX_BYTES; at < boxes.length; at += BOX_BYTES) {
    const [before, tag] = [at - BOX_BYTES, at].map((from) =>
      boxes.subarray(from, from + TAG_BYTES)
    ) as [Uint8Array, Uint8Array];
    if (compareTags(before, tag) >= 0) return false;
  }
  return true;
}

/** Makes a key pair for one message. */
export async function makeEphemeral(): Promise<AgreementKey> {
  const pair = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
  const { privateKey, publicKey } = pair as CryptoKeyPair;
  return { privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey("raw", publicKey)) };
}

/** Makes the key and the tag of a box: X25519, then HKDF-SHA256 with an empty salt. */
async function deriveBox(
  privateKey: CryptoKey,
  publicKey: Uint8Array,
  dayKey: Uint8Array,
  { sender, ephemeralKey }: BoxKeys,
): Promise<{ key: CryptoKey; tag: Uint8Array<ArrayBuffer> }> {
  const shared = await agree(privateKey, await importAgreementKey(publicKey));
  const secret = await importSecret(shared);
  shared.fill(0);
  const info = concat(label(BOX_LABEL), sender, ephemeralKey, dayKey);
  const raw = await deriveBytes(secret, info, KEY_BYTES + TAG_BYTES);
  const usages = ["encrypt", "decrypt"] as const;
  const bytes = raw.slice(0, KEY_BYTES);
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [...usages]);
  bytes.fill(0);
  const tag = raw.slice(KEY_BYTES);
  raw.fill(0);
  return { key, tag };
}

function gcm(): AesGcmParams {
  return { name: "AES-GCM", iv: NONCE };
}

function compareTags(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < TAG_BYTES; i++) if (a[i] !== b[i]) return a[i]! - b[i]!;
  return 0;
}

/** A key of low order, or of another length. */
function toNothing(error: unknown): undefined {
  if (!(error instanceof RangeError)) throw error;
  return undefined;
}
