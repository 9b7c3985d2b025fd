/**
 * What is known of a key that is used under a nickname, in words.
 *
 * @module
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import type { RosterEntry } from "../client/roster.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { formatSafetyNumber } from "../crypto/fingerprint.ts";
import type { Say } from "../messages/phrases.ts";
import { describeClients } from "./describe.ts";

/** A key, and what is known of it. */
export interface KeyFacts {
  /** Ed25519 key in base64url. */
  readonly id: string;
  /** The nickname in its owner's own spelling. */
  readonly nickname: string;
  /** The key that the nickname is pinned to; undefined if there is none. */
  readonly pinned: string | undefined;
  /** Whether the user has accepted that key, or met its owner with a code. */
  readonly isAccepted: boolean;
  readonly isOwn: boolean;
  readonly isIgnored: boolean;
  /** The clients with this key that are here. */
  readonly clients: readonly RosterEntry[];
  /** A doubt about the nickname's letters, in words; undefined if there is none. */
  readonly doubt: string | undefined;
}

/**
 * Describes a key for people.
 *
 * @param say Says phrases in the reader's language.
 * @returns A line with the safety number, and indented lines about the key.
 */
export async function describeKey(facts: KeyFacts, say: Say): Promise<string[]> {
  const { id, nickname, pinned, isAccepted, isOwn, isIgnored, clients, doubt } = facts;
  const number = await describeNumber(id);
  const verdict = pinned === undefined
    ? say("no key is known for this name")
    : pinned === id
    ? isAccepted ? say("the key that you have confirmed") : say("the key known for this name")
    : say("NOT the key known for this name: see /verify {nickname}", { nickname });
  return [
    say("{nickname}: safety number {number}", { nickname, number }),
    `  ${verdict}`,
    ...doubt === undefined ? [] : [`  ${doubt}`],
    `  ${isOwn ? say("you") : describeClients(clients, say)}`,
    ...isIgnored ? [`  ${say("ignored by you")}`] : [],
  ];
}

/**
 * Writes safety numbers, which people compare by voice.
 *
 * @param keys Names, each with an Ed25519 key in base64url.
 * @param say Says phrases in the reader's language.
 * @returns One line for each key.
 */
export async function describeNumbers(
  keys: readonly (readonly [name: string, id: string])[],
  say: Say,
): Promise<string[]> {
  return await Promise.all(keys.map(async ([name, id]) => {
    return say("{name}: {number}", { name, number: await describeNumber(id) });
  }));
}

/** Writes the safety number of an Ed25519 key in base64url. */
export async function describeNumber(id: string): Promise<string> {
  return await formatSafetyNumber(parseBase64Url(id, PUBLIC_KEY_BYTES)!);
}
