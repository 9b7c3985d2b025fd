/**
 * A knock: how a member that is behind asks for the room's key of now, and how it is answered.
 *
 * Both are in tokens under the lobby key, which all have who were ever in the room. So neither tells
 * a nickname, and an answer is sealed for the key that was made for the knock.
 *
 * @module
 * @see docs/PROTOCOL.md, "Knocking"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { deriveBytes, importSecret } from "../crypto/hkdf.ts";
import { CHAIN_BYTES } from "../crypto/key_chain.ts";
import { MARK_BYTES } from "../crypto/room_secret.ts";
import { label } from "../crypto/signed_bytes.ts";
import { agree, type AgreementKey, importAgreementKey } from "../crypto/x25519.ts";
import {
  type GenerationFacts,
  isKey,
  isWithin,
  MAX_GENERATION,
  parseJson,
  readFacts,
  spellFacts,
} from "./rekey.ts";

/** The nickname in the lobby, where nobody has one. */
export const LOBBY_NICKNAME = "-";

const KNOCK_LABEL = "encrypted-chatroom/v2 knock";
/** Bytes of a key of AES-256. */
const KEY_BYTES = 32;
/** Each key seals one answer, so that its nonce need not differ from those of others. */
const NONCE = new Uint8Array(12);

/** The generation that a member knows. */
export interface Known {
  /** Its number. */
  readonly generation: number;
  /** SHA-256 of its first chain, in base64url. */
  readonly mark: string;
}

/** A generation with its secret, as it is handed to who knocked. */
export interface Handed extends GenerationFacts {
  /** Its chain, 32 bytes. */
  readonly chain: Uint8Array<ArrayBuffer>;
  /** The day of that chain. */
  readonly chainDay: number;
}

/** The public keys that an answer is bound to, 32 bytes each. */
export interface AnswerKeys {
  /** Who answers: an Ed25519 key. */
  readonly holder: Uint8Array;
  /** Who knocked: an Ed25519 key. */
  readonly knocker: Uint8Array;
  /** The X25519 key that was made for the answer. */
  readonly ephemeralKey: Uint8Array;
  /** The X25519 key that was made for the knock. */
  readonly knockKey: Uint8Array;
}

/** Writes what a member knows: JSON, for the text of a knock. */
export function formatKnock({ generation: gen, mark: fp }: Known): string {
  return JSON.stringify({ gen, fp });
}

/**
 * Reads the text of a knock.
 *
 * @param text From anybody.
 * @returns Undefined if it is not of that form.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const known = { generation: 0, mark: "A".repeat(43) };
 * assert.deepEqual(parseKnock(formatKnock(known)), known);
 * assert.equal(parseKnock('{"gen":0}'), undefined);
 * ```
 */
export function parseKnock(text: string): Known | undefined {
  const { gen: generation, fp: mark } = parseJson(text);
  if (!isWithin(generation, 0, MAX_GENERATION) || !isKey(mark, MARK_BYTES)) return undefined;
  return { generation, mark };
}

/**
 * Seals an answer.
 *
 * @param handed The generation.
 * @param ephemeral The key pair that was made for the answer.
 * @param keys What the answer is bound to.
 * @throws {RangeError} If the key of the knock is not usable.
 * @returns The body of the message.
 */
export async function sealAnswer(
  { chain, chainDay: at, ...facts }: Handed,
  { privateKey }: AgreementKey,
  keys: AnswerKeys,
): Promise<Uint8Array> {
  const text = JSON.stringify({ ...spellFacts(facts), at, chain: formatBase64Url(chain) });
  const key = await deriveKey(privateKey, keys.knockKey, keys);
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.encrypt(gcm(), key, bytes));
}

/**
 * Opens an answer.
 *
 * @param body The body of the message, from anybody.
 * @param knock The key pair that was made for the knock.
 * @param keys What the answer is bound to.
 * @returns Undefined if it does not open, or is not of that form.
 */
export async function openAnswer(
  body: Uint8Array,
  { privateKey }: AgreementKey,
  keys: AnswerKeys,
): Promise<Handed | undefined> {
  try {
    const key = await deriveKey(privateKey, keys.ephemeralKey, keys);
    const bytes = await crypto.subtle.decrypt(gcm(), key, body as Uint8Array<ArrayBuffer>);
    return readHanded(parseJson(new TextDecoder().decode(bytes)));
  } catch {
    return undefined; // It is sealed for another key, or altered, or the key is of low order.
  }
}

function readHanded(json: Readonly<Record<string, unknown>>): Handed | undefined {
  const facts = readFacts(json);
  const { at, chain: spelled } = json;
  const chain = typeof spelled === "string" ? parseBase64Url(spelled, CHAIN_BYTES) : undefined;
  if (!facts || !chain || !isWithin(at, facts.day, MAX_GENERATION)) return undefined;
  return { ...facts, chain, chainDay: at };
}

/** Makes the key of an answer: X25519, then HKDF-SHA256 with an empty salt. */
async function deriveKey(
  privateKey: CryptoKey,
  publicKey: Uint8Array,
  { holder, knocker, ephemeralKey, knockKey }: AnswerKeys,
): Promise<CryptoKey> {
  const shared = await agree(privateKey, await importAgreementKey(publicKey));
  const secret = await importSecret(shared);
  shared.fill(0);
  const info = concat(label(KNOCK_LABEL), holder, knocker, ephemeralKey, knockKey);
  const raw = await deriveBytes(secret, info, KEY_BYTES);
  const usages = ["encrypt", "decrypt"] as const;
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, [...usages]);
  raw.fill(0);
  return key;
}

function gcm(): AesGcmParams {
  return { name: "AES-GCM", iv: NONCE };
}
