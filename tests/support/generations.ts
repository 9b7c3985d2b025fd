/**
 * Generations of keys with values that are the same in each run.
 *
 * @module
 */

import { advanceChain, markChain } from "../../lib/crypto/key_chain.ts";
import {
  formatRoomSecret,
  type Generation,
  type RoomSecret,
} from "../../lib/crypto/room_secret.ts";

/** A day of the examples: that of 1785571200. */
export const DAY = 20_666;
/** The root of the room of docs/PROTOCOL.md. */
export const ROOT = Uint8Array.fromBase64("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=", {
  alphabet: "base64url",
});

/** Makes a generation whose first value, of day `first`, is 32 times that byte. */
export async function makeGeneration(
  number: number,
  byte: number,
  { first = DAY - 1, day = first, ...more }: Partial<Generation> & { first?: number } = {},
): Promise<Generation> {
  const chain = new Uint8Array(32).fill(byte);
  const mark = await markChain(chain);
  return { number, day, chain: await advanceChain(chain, day - first), mark, ...more };
}

/** Generation 0 of that room, as it is when another has come in its place. */
export async function firstGeneration(more: Partial<Generation> = {}): Promise<Generation> {
  return { number: 0, day: 0, chain: ROOT.slice(), mark: await markChain(ROOT), ...more };
}

/** A secret of that room. */
export function secretOf(...generations: [Generation, ...Generation[]]): RoomSecret {
  return { root: ROOT.slice(), generations };
}

/** The text of a secret of that room. */
export function textOf(...generations: [Generation, ...Generation[]]): string {
  return formatRoomSecret(secretOf(...generations));
}
