/**
 * Bounds of the client between the connection and its events, each with its unit and its reason.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";

/** Messages of one's own kept for those who missed them. */
export const MAX_OUTBOX_MESSAGES = 2000;
/** Bytes of plaintext kept for the same purpose. */
export const MAX_OUTBOX_BYTES = 8 * MIB;
/** Messages written that the relay has not taken, before one has to wait. */
export const MAX_UNTAKEN_MESSAGES = 1000;
/** The same in bytes of plaintext. */
export const MAX_UNTAKEN_BYTES = 4 * MIB;
/** Age, in ms, up to which messages are sent again after a reconnect. */
export const RESEND_MS = 60_000;
/** Members' clients that are known at once. */
export const MAX_ROSTER_ENTRIES = 10_000;
/** Time, in ms, after which a client that says nothing is no longer listed: two heartbeats lost. */
export const ROSTER_TTL_MS = 150_000;
/** Messages that wait for others that are missing, of all senders. */
export const MAX_HELD_MESSAGES = 4096;
/** The same in characters of text. */
export const MAX_HELD_CHARS = 8 * MIB;
/** Longest that messages wait for one that is missing while none of them comes, in ms. */
export const GAP_PATIENCE_MS = 5000;
/** Longest that they wait at all, in ms. */
export const MAX_GAP_WAIT_MS = 30_000;
/** Within this time, in ms and at random, a gap is asked for: others may ask first. */
export const ASK_JITTER_MS = 300;
/** Time, in ms, after which it is asked for again. */
export const ASK_AGAIN_MS = 1500;
/** Gaps asked for at each look, five times a second: one member can make thousands. */
export const MAX_ASKS_AT_ONCE = 32;
/** Tokens known by their MACs, against replay. */
export const MAX_MACS = 65_536;
/** How long, in ms: as long as a relay's backlog may bring them again, and a minute more. */
export const KEEP_MACS_MS = 86_460_000;
/** Public keys of members kept ready for use. */
export const MAX_CACHED_KEYS = 1024;
/** Messages of the past that a client remembers to have shown. */
export const MAX_SHOWN_HISTORY = 10_000;
/** Uses of a nickname with another key that are warned of; each message is marked all the same. */
export const MAX_IMPOSTORS = 1000;
/** Least and greatest time, in ms, between two heartbeats of a client: 60 s is promised. */
export const MIN_HEARTBEAT_MS = 50_000;
export const MAX_HEARTBEAT_MS = 55_000;
/** Within this time, in ms and at random, a newcomer is answered ... */
export const MIN_ANSWER_MS = 500;
/** ... which grows with the members, so that 1,000 make 50 answers a second ... */
export const MS_PER_ANSWERING_MEMBER = 20;
/** ... up to this. */
export const MAX_ANSWER_MS = 30_000;
/** Silence of the relay, in ms, after which a client pings it ... */
export const CLIENT_PING_MS = 30_000;
/** ... and after which the connection counts as lost. */
export const CLIENT_DEAD_MS = 90_000;
/** How often a client looks what is due, in ms. */
export const SESSION_TICK_MS = 200;
/** Time after a reconnect, in ms, in which much is sent again, and that goes without saying. */
export const SETTLING_MS = 15_000;
/** Longest that messages wait for one that is missing in that time, in ms. */
export const SETTLING_PATIENCE_MS = 15_000;
/** Age, in ms, up to which a copy of a message counts as still on its way to who asks for it. */
export const RECENT_COPY_MS = 1000;
/** Difference from the relay's clock, in seconds, that is worth a hint. */
export const MAX_CLOCK_DIFFERENCE_SECONDS = 120;
/** Messages that a client sends again because others ask: at once, and then a second. */
export const RESEND_BURST = 10_000;
export const RESENDS_PER_SECOND = 500;
/** How far a message's time may be off, in seconds, before it is shown as old. */
export const MAX_AGE_SECONDS = 300;
/** Tokens that a client encrypts or decrypts at once: WebCrypto runs them on other threads. */
export const MAX_CRYPTO_IN_FLIGHT = 16;
/** Longest wait for a connection to the relay, in ms. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longest wait for the relay to admit a client, in ms. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/** How much the client's heap may grow before it is tidied, in percent of what is in use: that
 * is some 30 MiB, and a flood of messages lets it double by itself. */
export const HEAP_GROWING_PERCENT = 30;
/** Events that wait for the user's side while further ones are decrypted: 15,000 a second with 30
 * repaints, and 20 MB if each is the longest of messages. */
export const MAX_UNREAD_EVENTS = 500;
/** Characters kept of why a member is away: a line in a list of members. */
export const MAX_AWAY_CHARS = 200;
