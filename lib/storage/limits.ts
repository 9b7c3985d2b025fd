/**
 * Bounds of the files on disk, each with its unit and its reason.
 *
 * @module
 */

import type { BucketSize } from "../async/token_bucket.ts";
import { KIB, MIB } from "../bytes/units.ts";

/** Clients of one user in one room that keep what they have seen. */
export const MAX_CLIENTS_OF_ONE_USER = 16;
/** Longest wait, in ms, for the lock of a file that another client of the user may own. */
export const OWNER_WAIT_MS = 50;
/** Least time between two saves of what has been seen, in ms. */
export const SEEN_SAVE_MS = 250;
/** Longest file of credentials or certificates for a cluster, in bytes: a bundle of 30 of them. */
export const MAX_CLUSTER_FILE_BYTES = 65_536;
/** Longest `admission.pub`, in bytes: lines of 77 and of 48, and CR LF behind each. */
export const MAX_ADMISSION_FILE_BYTES = 129;
/** Longest file of a certificate or its key, in bytes: a chain of ten with long keys. */
export const MAX_CERTIFICATE_FILE_BYTES = 64 * KIB;
/** Age, in ms, after which the temporary file of a killed program is removed. */
export const STALE_TEMPORARY_MS = 60_000;

/** Longest state file, in bytes: pins and windows at their bounds are shorter. */
export const MAX_STATE_FILE_BYTES = 16 * MIB;
/** Longest time, in ms, from a change to its save: a killed program loses no more. */
export const STATE_SAVE_DELAY_MS = 1000;
/** Longest wait for another process's lock on a state file, in ms: it is held for a few ms. */
export const STATE_LOCK_WAIT_MS = 5000;
/**
 * Nicknames pinned to keys: four for each member of a large room. Each takes some 100 bytes, and 1 µs
 * of a start.
 */
export const MAX_PINS = 4096;
/**
 * Windows of sequence numbers: each start of each client makes one. A relay has a hundred clients
 * unless it is told otherwise, and to read these windows takes a client some 8 ms of its start.
 */
export const MAX_WINDOWS = 1024;
/** Windows of one author: 64 runs, of which 16 may be under way. */
export const MAX_WINDOWS_OF_ONE_KEY = 64;
/** Windows that an author does not lose because others have too many: for two clients. */
export const MIN_WINDOWS_OF_ONE_KEY = 2;
/** Missing ranges of all windows together: as many as windows, so that the file is not much longer. */
export const MAX_ALL_MISSING_RANGES = 1024;
/**
 * New runs of one author: more at once than 16 clients make that are started again and again, and
 * more in each second than a script can start clients.
 */
export const NEW_RUN_RATE: BucketSize = { burst: 64, perSecond: 8 };
/**
 * Age, in s, of the newest message of an author of whom all may be forgotten. Who is there says
 * something each 600 s, and a message is old by its time after 300 s.
 */
export const FORGET_AFTER_SECONDS = 1200;
/** Authors looked at for one that can be forgotten, at each message of a newcomer. */
export const MAX_LOOKED_AT = 8;
/** Windows in memory of newcomers for whom there is no room: a MiB. */
export const MAX_CROWD_WINDOWS = 2048;
/** Bytes, beside a quarter of its size, that are added to the file before it is written anew. */
export const MAX_SEEN_LOG_BYTES = 16 * KIB;
/** Longest history file, in bytes: a hundred messages of the longest kind, or 1,000 common ones. */
export const MAX_HISTORY_FILE_BYTES = 4 * MIB;
/** Longest settings file, in bytes: a hundred times what all settings take. */
export const MAX_SETTINGS_FILE_BYTES = 64 * KIB;
/** Entries of the history, which the Up key recalls. */
export const MAX_HISTORY_ENTRIES = 1000;
/** Longest name of a room, in characters: a host name of common length fits. */
export const MAX_ROOM_NAME_CHARS = 40;
/** Rooms with names that are listed, and names that are tried for a new one: a list is for people. */
export const MAX_ROOMS = 200;
/** Tries to make a directory whose parent another process just takes back. */
export const MAX_DIRECTORY_TRIES = 3;
/** Longest sealed identity, in bytes: a line of 202, and CR LF. */
export const MAX_SEALED_IDENTITY_BYTES = 204;

/** Longest wait, in ms, for a backlog file that a server which is just ending still has. */
export const BACKLOG_LOCK_WAIT_MS = 500;
/** Bytes of a backlog file that are read: three times what a server leaves there. */
export const MAX_BACKLOG_FILE_BYTES = 32 * MIB;

/** Bytes of messages in a block of those that are kept: some 300 messages, which open in 0.1 ms. */
export const KEPT_BLOCK_BYTES = 64 * KIB;
/** Time after which a message that is to be kept is on disk, in ms: what a killed client loses. */
export const KEPT_SAVE_MS = 500;
/** How often messages that are too old are removed while others come, in ms. */
export const KEPT_SWEEP_MS = 3_600_000;
/** Records of the file that is appended to: each takes a start 20 µs. */
export const MAX_TAIL_RECORDS = 64;
/** Blocks that are opened at once, in 2 MiB. */
export const MAX_BLOCKS_AT_ONCE = 16;
/** Kept messages that are known by their marks: twice what a relay gives of the past. */
export const MAX_KEPT_MARKS = 20_000;
/** Messages that wait while nothing can be saved, in some 10 MiB. */
export const MAX_UNSAVED_MESSAGES = 10_000;
/** Longest file beside a part, in bytes: a long name, escaped, and three numbers. */
export const MAX_SIDE_FILE_BYTES = 16 * KIB;
/** Bytes of a file that come before it is noted that they are on disk: a sync takes a moment. */
export const SIDE_FILE_BYTES = 32 * MIB;
/** Longest time, in ms, before that is noted. A killed client asks for no more of it again. */
export const SIDE_FILE_MS = 2000;
/** Longest wait, in ms, for a part that a client which is just ending still has. */
export const PART_LOCK_WAIT_MS = 500;
/** Longest file of rotations, in bytes: 8 with 500 members, and as many newcomers each. */
export const MAX_ROTATION_FILE_BYTES = 512 * KIB;
