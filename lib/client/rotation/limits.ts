/**
 * Bounds of rotations, each with its unit and its reason.
 *
 * @module
 */

import type { BucketSize } from "../../async/token_bucket.ts";
import { MIB } from "../../bytes/units.ts";

/** Generations that are followed at once: as many as a key file holds. */
export const MAX_FOLLOWED = 8;
/** Rotations that a member may have missed: ten a day for three years. Nobody hands on a later one. */
export const MAX_MISSED = 10_000;
/** Members that came by an invitation since a rotation, and are counted as belonging to it. */
export const MAX_NEWCOMERS = 500;
/** Rotations of members who are not trusted, which are kept in case they are. */
export const MAX_UNFOLLOWED = 8;

/** Least wait before a knock, in ms: the rotation itself may come first. */
export const MIN_KNOCK_MS = 200;
/** How much longer it may be, at random, in ms: many may come back at once. */
export const KNOCK_JITTER_MS = 800;
/** Waits until a knock is said again, in ms, one after the other; the last is repeated. */
export const KNOCK_AGAIN_MS: readonly number[] = [5000, 60_000, 600_000, 3_600_000];
/** Knocks of one client at once: those of its schedule, and a few more. */
export const KNOCKS_BURST = 5;
/** Time, in ms, after which it may knock once more. */
export const KNOCK_PACE_MS = 30_000;

/** Least of the random wait before a knock is answered, in ms. */
export const MIN_ANSWER_KNOCK_MS = 50;
/** Longest of that wait in a small room, in ms. */
export const ANSWER_KNOCK_MS = 500;
/** How much longer it is for each client in the room, in ms: with 1,000, some 10 answer a knock. */
export const ANSWER_KNOCK_PER_CLIENT_MS = 5;
/** Greatest value of that longest wait, in ms: a knock is said again after 5 s. */
export const MAX_ANSWER_KNOCK_MS = 3000;
/** How much later a knock is refused than answered, in ms: another member may know better. */
export const REFUSE_KNOCK_MS = 1000;
/** Members whose knocks are counted. */
export const MAX_KNOCKERS = 256;
/** Answers of one client: a token and two operations on curves each. */
export const ANSWER_RATE: BucketSize = { burst: 32, perSecond: 4 };
/** Answers to one member at once: it needs one. */
export const ANSWERS_TO_ONE_BURST = 3;
/** Time, in ms, after which it may be answered once more. */
export const ANSWER_TO_ONE_MS = 30_000;

/** Tokens that could not be read and may be, once a newer key is there. */
export const MAX_HELD_TOKENS = 2000;
/** Characters of those tokens. */
export const MAX_HELD_CHARS = 4 * MIB;
/** How long they wait, in ms, before the user is told that they cannot be read. */
export const HOLD_MS = 5000;

/** Members that are named to the user of a rotation; of the others, how many they are. */
export const MAX_ROTATION_NAMES = 20;
/** Wait, in ms, before a rotation that was begun is told: most say by then that they are here. */
export const RESUME_MS = 1500;
/** Longest wait of a rotation for a connection, in ms. */
export const LIVE_WAIT_MS = 5000;
/** Longest wait, in ms, for others to say that they are here, and for a key that is newer. */
export const MAX_GATHERING_MS = 10_000;
/** Longest wait, in ms, of a message for a key that is newer: for a knock, and the latest answer. */
export const MAX_CATCH_UP_MS = 4000;
/** Time between two looks whether that has come, in ms. */
export const GATHERING_CHECK_MS = 100;
