/**
 * Numbers that two people read to each other to see that they have the same key.
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
/** Groups that can be made of a hash: SHA-512 has 64 bytes. */
const MAX_GROUPS = Math.floor(64 / GROUP_BYTES);

const MEMBER_LABEL = "encrypted-chatroom/v1 fingerprint";
/** Groups of digits in a member's fingerprint. */
const MEMBER_GROUPS = 6;

/**
 * Writes a fingerprint: SHA-512 of the label, a zero byte and the bytes; of the digest, groups
 * of 5 bytes, each big-endian modulo 100,000.
 *
 * @param name What is fingerprinted, so that no two kinds of thing share a number.
 * @param bytes The thing itself.
 * @param groups How many groups, 1 to 12.
 * @returns Groups of five digits, with single spaces between.
 * @throws {RangeError} If there are not so many groups.
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
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.match(await formatSafetyNumber(new Uint8Array(32)), /^(?:\d{5} ){5}\d{5}$/);
 * ```
 */
export async function formatSafetyNumber(publicKey: Uint8Array): Promise<string> {
  return await formatFingerprint(MEMBER_LABEL, publicKey, MEMBER_GROUPS);
}
