/**
 * Bounds of the files on disk, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../bytes/units.ts";

/** Clients of one user in one room that remember what they have seen. */
export const MAX_CLIENTS_OF_ONE_USER = 16;
/** Longest wait, in ms, for a file that another client of the same user may be using. */
export const OWNER_WAIT_MS = 50;
/** Least time between two saves of what has been seen, in ms. */
export const SEEN_SAVE_MS = 250;
/** Bytes of the largest `admission.pub`: the line takes 77, and may end in CR LF. */
export const MAX_ADMISSION_FILE_BYTES = 79;
/** Age, in ms, after which the leftover of a key creation that was killed is removed. */
export const STALE_TEMPORARY_MS = 60_000;

/** Longest state file that is read, in bytes; pins and windows at their bounds are shorter. */
export const MAX_STATE_FILE_BYTES = 16 * MIB;
/** How far a state file may be behind, in ms: what a kill can lose, against a sync per message. */
export const STATE_SAVE_DELAY_MS = 1000;
/** Longest wait for another process's lock on a state file, in ms; it is held for a few. */
export const STATE_LOCK_WAIT_MS = 5000;
/** Nicknames pinned to keys: far more than one room has; each takes some 100 bytes. */
export const MAX_PINS = 10_000;
/** Senders' epochs whose messages are counted; each start of each client makes one. */
export const MAX_WINDOWS = 4096;
/** Longest history file, in bytes: a hundred messages of the longest kind, or 1,000 common ones. */
export const MAX_HISTORY_FILE_BYTES = 4 * MIB;
/** Longest settings file that is read, in bytes: a hundred times what all settings take. */
export const MAX_SETTINGS_FILE_BYTES = 64 * KIB;
/** Lines that Up goes back to. */
export const MAX_HISTORY_ENTRIES = 1000;
