/**
 * Bounds of what all guests of a room may cost it, and of what all its members may send.
 *
 * @module
 */

import type { BucketSize } from "../../async/token_bucket.ts";
import { KIB, MIB } from "../../bytes/units.ts";
import type { Rate } from "../limits.ts";

/** Bytes in a second that are written for all guests' lines together, for each receiver anew: an
 * eighth of what the relay can write. As many may come at once. */
export const GUESTS_BYTES_PER_SECOND = 64 * MIB;
/** What a write of guests' lines counts as beside its bytes: with 1,000 receivers, 16 writes a second
 * take a quarter of a core. */
export const GUESTS_WRITE_BYTES = 4 * KIB;
/** Shortest time between two turns of those that have to wait, in ms: too short to be noticed. */
export const TURN_MS = 20;
/**
 * The rate of all members of a room together, so that one with many connections costs its readers
 * little more than one with a single one. Reading it takes a client an eighth of a core.
 */
export const MEMBERS_RATE: Rate = {
  linesPerSecond: 500,
  linesBurst: 2500,
  bytesPerSecond: 640 * KIB,
  bytesBurst: 3 * MIB,
};
/** Bytes of a connection of a member that do not wait for others: 30 messages, then 4 a second. */
export const MEMBER_RESERVE: BucketSize = { perSecond: 4 * KIB, burst: 32 * KIB };
