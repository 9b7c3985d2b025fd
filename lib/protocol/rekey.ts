/**
 * A rotation: how a member tells that the room moves on to a new generation of its key, who belongs
 * to it, and what it is for those who are here.
 *
 * @module
 * @see docs/PROTOCOL.md, "Moving on"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { MARK_BYTES } from "../crypto/room_secret.ts";
import { AGREEMENT_BYTES } from "../crypto/x25519.ts";
import { areSorted, BOX_BYTES } from "./chain_box.ts";

/** Members of a new generation: their ids and 360 boxes fit into one token. */
export const MAX_REKEY_MEMBERS = 500;
/** Boxes of one rotation: beside 500 ids there is room for no more. Who has none asks for the key. */
export const MAX_REKEY_BOXES = 350;
/** Highest number of a generation, and of a day: the key file has nine digits for each. */
export const MAX_GENERATION = 999_999_999;

/** What a new generation is, apart from its secret. */
export interface GenerationFacts {
  /** Its number: one more than its parent's. */
  readonly generation: number;
  /** The mark of the generation in whose place it comes. */
  readonly parent: string;
  /** SHA-256 of its first chain, in base64url: nobody gets another one. */
  readonly mark: string;
  /** The day of its first chain, from 1970. */
  readonly day: number;
  /** The ids of those who belong to it, here or away. */
  readonly to: readonly string[];
}

/** A rotation as it is told. */
export interface Rekey extends GenerationFacts {
  /** The X25519 key of the boxes, in base64url. */
  readonly ephemeralKey: string;
  /** The chain for those who are here: boxes by their tags. */
  readonly boxes: Uint8Array;
}

/**
 * Writes a rotation.
 *
 * @returns JSON for the text of the message, and its body.
 */
export function formatRekey(rekey: Rekey): { text: string; body: Uint8Array } {
  const { ephemeralKey: eph, boxes: body, ...facts } = rekey;
  return { text: JSON.stringify({ ...spellFacts(facts), eph }), body };
}

/**
 * Reads a rotation.
 *
 * @param text The text of the message, from anybody.
 * @param body Its body.
 * @returns Undefined if it is not of that form.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const key = "A".repeat(43);
 * const facts = { generation: 1, parent: key, mark: key, day: 20_666, to: [key] };
 * const rekey = { ...facts, ephemeralKey: key, boxes: new Uint8Array(56) };
 * const { text, body } = formatRekey(rekey);
 * assert.deepEqual(parseRekey(text, body), rekey);
 * assert.equal(parseRekey(text, new Uint8Array(55)), undefined);
 * ```
 */
export function parseRekey(text: string, body: Uint8Array): Rekey | undefined {
  const json = parseJson(text);
  const facts = readFacts(json);
  const isWhole = body.length % BOX_BYTES === 0 && body.length / BOX_BYTES <= MAX_REKEY_BOXES;
  if (!facts || !isKey(json.eph, AGREEMENT_BYTES) || !isWhole || !areSorted(body)) return undefined;
  return { ...facts, ephemeralKey: json.eph, boxes: body };
}

/** The fields of a generation, as JSON spells them. */
export function spellFacts(facts: GenerationFacts): Readonly<Record<string, unknown>> {
  const { generation: gen, parent, mark: fp, day, to } = facts;
  return { gen, parent, fp, day, to };
}

/**
 * Reads the fields of a generation.
 *
 * @param json Any object, from anybody.
 * @returns Undefined if a field is missing, or has a wrong type or size.
 */
export function readFacts(json: Readonly<Record<string, unknown>>): GenerationFacts | undefined {
  const { gen: generation, parent, fp: mark, day, to } = json;
  if (!isWithin(generation, 1, MAX_GENERATION) || !isWithin(day, 0, MAX_GENERATION)) {
    return undefined;
  }
  if (!isKey(parent, MARK_BYTES) || !isKey(mark, MARK_BYTES)) return undefined;
  return isMembers(to) ? { generation, parent, mark, day, to } : undefined;
}

/** The fields of an object in JSON; none if the text is something else. */
export function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === "object" && json !== null
      ? Object.fromEntries(Object.entries(json))
      : {};
  } catch {
    return {};
  }
}

/** Whether a value is bytes of one length in base64url. */
export function isKey(value: unknown, byteLength: number): value is string {
  return typeof value === "string" && parseBase64Url(value, byteLength) !== undefined;
}

/** Whether a value is a whole number from one to another. */
export function isWithin(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}

function isMembers(value: unknown): value is readonly string[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_REKEY_MEMBERS) return false;
  return value.every((id) => isKey(id, PUBLIC_KEY_BYTES)) && new Set(value).size === value.length;
}
