/**
 * Bounds of the user's side of a conversation, each with its unit and its reason.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";

/** Longest private message, in bytes of UTF-8: its inner token must fit a text. */
export const MAX_PRIVATE_TEXT_BYTES = 29_900;
/**
 * Longest wait for the relay to take everything before the client leaves, in ms: at a guest's rate,
 * the kernels' buffers of 10 MB take that long.
 */
export const FINISH_TIMEOUT_MS = 600_000;
/** Time, in ms, after which a leaving user is told what the client waits for. */
export const FINISH_NOTICE_MS = 2000;
/** Longest wait for one's own message to be shown before the next input is taken, in ms. */
export const ECHO_WAIT_MS = 100;
/** Keys shown for one nickname: one member can make thousands, and nobody compares them all. */
export const MAX_KEYS_SHOWN = 10;
/** Keys that are ignored at once. */
export const MAX_IGNORED = 1000;
/** Messages that `/lastlog` searches. */
export const MAX_LASTLOG_MESSAGES = 10_000;
/** Characters of the texts that `/lastlog` searches, in all. */
export const MAX_LASTLOG_CHARS = 4 * MIB;
/** Messages that `/lastlog` shows. */
export const MAX_LASTLOG_SHOWN = 50;
/** Nicknames that are completed in the order in which their members wrote last. */
export const MAX_RECENT_SPEAKERS = 100;
/** Notices of all members that are told each at once: a screen of them. */
export const NOTICES_BURST = 20;
/** Time, in ms, after which one more of them is told. */
export const NOTICE_MS = 1000;
/** Notices of one member that are told each at once: it hides no other's. */
export const MEMBER_NOTICES_BURST = 5;
/** Time, in ms, after which one more of that member's is told. */
export const MEMBER_NOTICE_MS = 5000;
/** Members whose notices are counted each. */
export const MAX_NOTICED_MEMBERS = 1000;
/** Time, in ms, after which notices that were not told are summed up. */
export const SUM_UP_MS = 3000;
/** Nicknames in such a line. */
export const MAX_NAMES_SUMMED_UP = 3;
