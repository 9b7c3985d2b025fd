/**
 * Bounds of the files on disk, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../bytes/units.ts";

/** Clients of one user in one room that keep what they have seen. */
export const MAX_CLIENTS_OF_ONE_USER = 16;
/** Longest wait, in ms, for the lock of a file that another client of the user may own. */
export const OWNER_WAIT_MS = 50;
/** Least time between two saves of what has been seen, in ms. */
export const SEEN_SAVE_MS = 250;
/** Longest `admission.pub`, in bytes: a line of 77, and CR LF. */
export const MAX_ADMISSION_FILE_BYTES = 79;
/** Age, in ms, after which the temporary file of a killed program is removed. */
export const STALE_TEMPORARY_MS = 60_000;

/** Longest state file, in bytes: pins and windows at their bounds are shorter. */
export const MAX_STATE_FILE_BYTES = 16 * MIB;
/** Longest time, in ms, from a change to its save: a killed program loses no more. */
export const STATE_SAVE_DELAY_MS = 1000;
/** Longest wait for another process's lock on a state file, in ms: it is held for a few ms. */
export const STATE_LOCK_WAIT_MS = 5000;
/** Nicknames pinned to keys: far more than one room has. Each takes some 100 bytes. */
export const MAX_PINS = 10_000;
/** Windows of sequence numbers: each start of each client makes one. */
export const MAX_WINDOWS = 4096;
/** Longest history file, in bytes: a hundred messages of the longest kind, or 1,000 common ones. */
export const MAX_HISTORY_FILE_BYTES = 4 * MIB;
/** Longest settings file, in bytes: a hundred times what all settings take. */
export const MAX_SETTINGS_FILE_BYTES = 64 * KIB;
/** Entries of the history, which the Up key recalls. */
export const MAX_HISTORY_ENTRIES = 1000;
