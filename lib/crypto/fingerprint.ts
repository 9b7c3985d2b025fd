/**
 * Fingerprints: numbers that two people read to each other to see that they have the same key.
 *
 * @module
 * @see docs/PROTOCOL.md, "Fingerprints"
 */

import { concat } from "../bytes/concat.ts";
import { label } from "./signed_bytes.ts";

/** Bytes of a hash that make one group of digits. */
const GROUP_BYTES = 5;
/** Values of a group: five decimal digits. */
const GROUP_VALUES = 100_000;
/** SHA-512 has 64 bytes, so there are 12 groups. */
const MAX_GROUPS = Math.floor(64 / GROUP_BYTES);

const MEMBER_LABEL = "encrypted-chatroom/v1 fingerprint";
/** Groups of digits in a member's fingerprint. */
const MEMBER_GROUPS = 6;

/**
 * Writes a fingerprint. The label, a zero byte and the bytes are hashed with SHA-512. Each group is
 * the next 5 bytes of the digest, as a big-endian number modulo 100,000.
 *
 * @param name The label. Each kind of thing has a label of its own, so that no two kinds share a
 * fingerprint.
 * @param bytes The thing itself.
 * @param groups How many groups, 1 to 12.
 * @returns Groups of five digits, with single spaces between.
 * @throws {RangeError} If `groups` is not from 1 to 12.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(await formatFingerprint("example", new Uint8Array(), 2), /^\d{5} \d{5}$/);
 * ```
 */
export async function formatFingerprint(
  name: string,
  bytes: Uint8Array,
  groups: number,
): Promise<string> {
  if (!(groups >= 1 && groups <= MAX_GROUPS)) {
    throw new RangeError(`Cannot format fingerprint: ${groups} groups instead of 1 to 12`);
  }
  const input = concat(label(name), bytes);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", input));
  input.fill(0);
  return Array.from({ length: groups }, (_, group) => {
    const part = digest.subarray(group * GROUP_BYTES, (group + 1) * GROUP_BYTES);
    const number = part.reduce((sum, byte) => sum * 256 + byte, 0);
    return String(number % GROUP_VALUES).padStart(5, "0");
  }).join(" ");
}

/**
 * Writes the safety number of a member.
 *
 * @param publicKey The member's Ed25519 key, 32 bytes.
 * @returns Six groups of five digits.
 */
export async function formatSafetyNumber(publicKey: Uint8Array): Promise<string> {
  return await formatFingerprint(MEMBER_LABEL, publicKey, MEMBER_GROUPS);
}
