/**
 * Bounds of TLS, each with its unit and its reason.
 *
 * @module
 */

import { KIB } from "../bytes/units.ts";

/** First buffer in which a connection reads what is encrypted, in bytes. A line fits mostly, and each
 * idle connection has one. */
export const MIN_TLS_READ_BYTES = KIB;
/** Largest such buffer, in bytes: four records of the longest kind. */
export const MAX_TLS_READ_BYTES = 64 * KIB;
/** Bytes that were read, decrypted and not taken, before no more is read: TCP then holds the other side
 * back. */
export const MAX_TLS_UNREAD_BYTES = 64 * KIB;
/** Bytes that one write takes: all of them are encrypted before it returns. */
export const MAX_TLS_WRITE_BYTES = 64 * KIB;
/** Longest that closing waits, in ms, until the last record is out: it mostly is at once. */
export const CLOSE_NOTIFY_MS = 100;
