/**
 * Keys that move on: each day has a value, from which the next day's is derived and the one before
 * is not. Whoever erases a value erases the way to all that was written under it.
 *
 * @module
 * @see docs/PROTOCOL.md, "Keys that move on"
 */

import { deriveBytes, importSecret } from "./hkdf.ts";

/** Bytes of a chain's value, of a room's root, and of a key that is derived from either. */
export const CHAIN_BYTES = 32;
/** Seconds of a day. Days are counted from 1970, as unix time is: there are no leap seconds. */
export const SECONDS_PER_DAY = 86_400;

const NEXT_DAY_INFO = "encrypted-chatroom/v2 next day";
const FERNET_INFO = "encrypted-chatroom/v2 fernet";
const LOBBY_INFO = "encrypted-chatroom/v2 lobby";

/** Tells the day of a time in unix seconds. */
export function dayOf(seconds: number): number {
  return Math.floor(seconds / SECONDS_PER_DAY);
}

/**
 * Derives the value of a later day.
 *
 * @param chain The value of a day, 32 bytes. It is not changed: its owner wipes it.
 * @param days How many days later, 0 or more. A year takes some 10 ms.
 * @returns 32 bytes that share no memory with `chain`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const chain = new Uint8Array(32);
 * const twoLater = await advanceChain(chain, 2);
 * assert.deepEqual(twoLater, await advanceChain(await advanceChain(chain, 1), 1));
 * ```
 */
export async function advanceChain(
  chain: Uint8Array,
  days: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const info = encode(NEXT_DAY_INFO);
  let value = new Uint8Array(chain);
  for (let i = 0; i < days; i++) {
    const next = await deriveBytes(await importSecret(value), info, CHAIN_BYTES);
    value.fill(0);
    value = next;
  }
  return value;
}

/**
 * Derives the Fernet key of a day.
 *
 * @param chain The chain's value of that day, 32 bytes.
 * @returns 32 bytes, which the caller wipes.
 */
export async function deriveDayKey(
  chain: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return await deriveBytes(await importSecret(chain), encode(FERNET_INFO), CHAIN_BYTES);
}

/**
 * Derives the Fernet key of the lobby, where those meet who have the room and not its present key.
 *
 * @param root The room's root, 32 bytes.
 * @returns 32 bytes, which the caller wipes.
 */
export async function deriveLobbyKey(
  root: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return await deriveBytes(await importSecret(root), encode(LOBBY_INFO), CHAIN_BYTES);
}

/** Makes the mark of a generation: SHA-256 of its first value, which tells nothing of it. */
export async function markChain(chain: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", chain));
}

function encode(info: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(info);
}
