/**
 * Bounds of the user's side of a conversation, each with its unit and its reason.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";

/** Longest private message, in bytes of UTF-8: its inner token must fit a text. */
export const MAX_PRIVATE_TEXT_BYTES = 29_900;
/** Longest wait for the relay to take what was sent before leaving, in ms: 10 MB held by the
 * kernels at a guest's rate. */
export const FINISH_TIMEOUT_MS = 600_000;
/** Time, in ms, after which a user who leaves is told what is waited for. */
export const FINISH_NOTICE_MS = 2000;
/** Keys shown of one nickname: one member can make thousands, and nobody compares so many. */
export const MAX_KEYS_SHOWN = 10;
/** Members who are ignored at once. */
export const MAX_IGNORED = 1000;
/** Messages that `/lastlog` searches; the oldest go first. */
export const MAX_LASTLOG_MESSAGES = 10_000;
/** Characters of their texts, in all. */
export const MAX_LASTLOG_CHARS = 4 * MIB;
/** Messages that `/lastlog` shows. */
export const MAX_LASTLOG_SHOWN = 50;
/** Nicknames that are completed by who spoke last; others come in the order of the alphabet. */
export const MAX_RECENT_SPEAKERS = 100;
