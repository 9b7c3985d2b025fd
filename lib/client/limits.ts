/**
 * Bounds of the client between the connection and its events, each with its unit and its reason.
 *
 * @module
 */

import type { BucketSize } from "../async/token_bucket.ts";
import { KIB, MIB } from "../bytes/units.ts";

/** Own messages that are kept for members that missed them. */
export const MAX_OUTBOX_MESSAGES = 2000;
/** Plaintext of these messages, in bytes. */
export const MAX_OUTBOX_BYTES = 8 * MIB;
/** Own messages that the relay has not taken, at which the user has to wait. */
export const MAX_UNTAKEN_MESSAGES = 1000;
/** Plaintext of these messages, in bytes. */
export const MAX_UNTAKEN_BYTES = 4 * MIB;
/** Plaintext of messages sent between two pings, in bytes: 10 KB a second take it within 30 s. */
export const MAX_SENT_AT_ONCE_BYTES = 256 * KIB;
/** Time, in ms, after which a live connection counts as steady: its loss is a new one. */
export const STEADY_MS = 10_000;
/** Age, in ms, up to which messages are sent again after a reconnect. */
export const RESEND_MS = 60_000;
/** Members' clients that are known at once. */
export const MAX_ROSTER_ENTRIES = 10_000;
/** Clients of one member that are known at once: 16 remember what they have seen. */
export const MAX_CLIENTS_OF_ONE_MEMBER = 64;
/**
 * Time, in ms, after which a client of version 0.1.0 that says nothing is no longer listed: two of
 * its heartbeats are lost.
 */
export const ROSTER_TTL_MS = 150_000;
/** Silences, as long as a client promised them at most, after which it is no longer listed. */
export const SILENCES_UNTIL_GONE = 2;
/** Longest silence, in seconds, that a client's promise of when it speaks again counts for. */
export const MAX_HEARTBEAT_SECONDS = 3600;
/** Time, in ms, after which a client is no longer listed that nobody heard live since a reconnect. */
export const UNHEARD_MS = 75_000;
/** Messages of all senders that wait for missing ones before them. */
export const MAX_HELD_MESSAGES = 4096;
/** Messages of one sender's key that wait: half of all, so that others' have the other half. */
export const MAX_HELD_OF_ONE_KEY = 2048;
/** Characters of a message that waits. A longer one counts as several, so that all take 8 MiB. */
export const HELD_MESSAGE_CHARS = 2048;
/** Longest wait for a missing message while no missing message comes, in ms. */
export const GAP_PATIENCE_MS = 5000;
/** Longest wait for a missing message at all, in ms. */
export const MAX_GAP_WAIT_MS = 90_000;
/** Longest random wait before a gap is asked for, in ms: another member may ask first. */
export const ASK_JITTER_MS = 300;
/** How much longer it is for each client in the room, in ms: with 1,000, some 20 ask for a gap. */
export const ASK_JITTER_PER_CLIENT_MS = 10;
/** Greatest value of that longest wait, in ms: a gap is given up after 5 s. */
export const MAX_ASK_JITTER_MS = 3000;
/**
 * Time, in ms, after which a gap is asked for again. It doubles from question to question: an author
 * that is behind answers no sooner if it is asked more often.
 */
export const ASK_AGAIN_MS = 1500;
/** Members whose asking puts off this client's own question for a gap, each once. */
export const MAX_POSTPONEMENTS = 8;
/** Questions for gaps, of all writers: one member can make thousands of gaps. */
export const ASK_RATE: BucketSize = { burst: 64, perSecond: 32 };
/** Questions for gaps of one writer: its runs are asked for each 1.5 s as long as gaps are waited for. */
export const ASK_RATE_OF_ONE_WRITER: BucketSize = { burst: 8, perSecond: 1 };
/** Writers whose questions are counted. */
export const MAX_ASKED_WRITERS = 1024;
/** Tokens known by their MACs, against replay. */
export const MAX_MACS = 65_536;
/** How long a token is known by its MAC, in ms: a minute longer than a relay's backlog keeps it. */
export const KEEP_MACS_MS = 86_460_000;
/** Public keys of members kept ready for use. */
export const MAX_CACHED_KEYS = 1024;
/** Tokens of the past that are put in order at once: as many as a client may ask for. */
export const MAX_PAST_TOKENS = 10_000;
/** Messages of the past that a client remembers to have shown. */
export const MAX_SHOWN_HISTORY = 10_000;
/** Warnings of a nickname with another key. Without a warning, each message still has its mark. */
export const MAX_IMPOSTORS = 1000;
/** Least time, in ms, from a client's last message to the heartbeat that shows whether it came. */
export const MIN_HEARTBEAT_MS = 50_000;
/** Greatest time, in ms, from a message to that heartbeat: 65 s is promised. */
export const MAX_HEARTBEAT_MS = 55_000;
/** Least time, in ms, between two heartbeats of a client that writes nothing. */
export const MIN_IDLE_HEARTBEAT_MS = 570_000;
/** Greatest time, in ms, between them: a client says so of itself, in seconds. */
export const MAX_IDLE_HEARTBEAT_MS = 600_000;
/** Least of the random wait before a newcomer is answered, in ms. */
export const MIN_ANSWER_MS = 500;
/**
 * How much the longest wait grows with each member, in ms. 1,000 members make 50 answers a second.
 */
export const MS_PER_ANSWERING_MEMBER = 20;
/** Greatest value of the longest wait, in ms. */
export const MAX_ANSWER_MS = 30_000;
/** Time, in ms, that a script gives the others to say who is here: enough for some 50 members. */
export const MEETING_MS = 1500;
/**
 * Past tokens that a client looks at without showing them, to see whether the room has moved on: what
 * was last written is under the newest key, or tells of it.
 */
export const LOOK_BACK_TOKENS = 20;
/** Past tokens that a client asks for at least when it is back: as many as a relay keeps by default. */
export const MISSED_BACKLOG = 200;
/** Runs of which a client keeps how far they were before it came: each of those tokens may be of another. */
export const MAX_PASSED_RUNS = 200;
/** Silence of the relay, in ms, after which a client pings it. */
export const CLIENT_PING_MS = 30_000;
/** Silence of the relay, in ms, after which the connection counts as lost. */
export const CLIENT_DEAD_MS = 90_000;
/** Time between two looks at what is due, in ms. */
export const SESSION_TICK_MS = 200;
/** Time after a reconnect, in ms, in which much is sent again. The user is not told of it. */
export const SETTLING_MS = 15_000;
/**
 * Longest wait for a message that was missed then, while no missing message comes, in ms. All are
 * busy with what is sent again, and on a slow machine an author reads a question 15 s late.
 */
export const SETTLING_PATIENCE_MS = 30_000;
/** Age, in ms, of a ping without an answer from which on a client is behind: it has to read first. */
export const BEHIND_MS = 1000;
/** Runs whose beginning is waited for at once. */
export const MAX_BEGINNINGS = 64;
/** Those of one member's key: it has no more clients that remember what they have seen. */
export const MAX_BEGINNINGS_OF_ONE_KEY = 16;
/** Messages of these runs that wait, in all. A long one counts as several. */
export const MAX_HELD_AT_BEGINNINGS = 2048;
/** Messages that are asked for at first below the first that came of a run; then twice as many. */
export const MIN_BEGINNING_ASKED = 512;
/** Age, in ms, up to which a copy counts as still on its way to the member that asks for it. */
export const RECENT_COPY_MS = 1000;
/** Difference from the relay's clock, in seconds, that is worth a hint. */
export const MAX_CLOCK_DIFFERENCE_SECONDS = 120;
/** Bytes that a client sends again because others ask: all that it keeps, and then a small stream. */
export const RESEND_RATE: BucketSize = { burst: MAX_OUTBOX_BYTES, perSecond: 128 * KIB };
/** The same because one member asks: a quarter of it. */
export const RESEND_RATE_OF_ONE_ASKER: BucketSize = { burst: 2 * MIB, perSecond: 32 * KIB };
/** Bytes that a line costs beside its own: each is encrypted, and goes to everyone. */
export const RESENT_LINE_BYTES = KIB;
/** Askers whose bytes are counted. */
export const MAX_ASKERS = 256;
/** How far a message's time may be off, in seconds, before it is shown as old. */
export const MAX_AGE_SECONDS = 300;
/** Tokens that a client encrypts or decrypts at once: WebCrypto runs them on other threads. */
export const MAX_CRYPTO_IN_FLIGHT = 16;
/** Longest wait for a connection to the relay, in ms. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longest wait for the relay to admit a client, in ms. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Codes that are tried before the relay's slots count as full: two of 32 words are rarely taken. */
export const MAX_SLOT_TRIES = 5;
/** Longest wait for the relay's answer about a slot, in ms. */
export const RELAY_ANSWER_MS = 10_000;
/** Longest that an invitation waits for somebody, in seconds, whatever the relay says. */
export const MAX_SLOT_SECONDS = 600;
/** Longest that an inviter talks to a visitor, in ms: somewhat longer than the relay allows. */
export const MEETING_TIMEOUT_MS = 11_000;
/** Messages of a visitor that an inviter reads: all that a joiner says. */
export const MAX_INVITER_MESSAGES = 3;
/** Longest that joining takes after the connection is made, in ms: somewhat longer than the relay
 * allows. */
export const JOIN_TIMEOUT_MS = 11_000;
/** Longest wait, in ms, until the relay has taken a joiner's last message. */
export const JOIN_END_MS = 2000;

/** How much the client's heap may grow between two collections, in percent of the memory in use,
 * some 30 MiB. Unset, a flood of messages makes the heap twice as large.
 *
 * It is collected at once and not bit by bit beside the work (`--no-incremental-marking`): the engine
 * begins that for each 8 MiB of a file, though nothing but buffers is to be freed, and it takes a third
 * of the sender's and the taker's time. At once takes 20 to 70 ms, once in 20,000 messages of a flood.
 */
export const HEAP_GROWING_PERCENT = 30;
/** Events that wait for the user's side while further ones are decrypted. They are enough for 15,000
 * events a second at 30 repaints, and take 20 MB if each is the longest message. */
export const MAX_UNREAD_EVENTS = 500;
/** Characters kept of why a member is away: a line in a list of members. */
export const MAX_AWAY_CHARS = 200;

/**
 * Greatest difference between two clocks that agree, in s: whoever does not keep summer time right is
 * an hour off.
 */
export const MAX_AGREED_DIFFERENCE_SECONDS = 3600;
/**
 * Days around a day that may be the present one whose keys are tried. The backlog is of yesterday, a
 * neighbour's key is one day more.
 */
export const MAX_DAYS_OFF = 2;
/** Keys of days that are kept ready, for each generation: those around four days at once. */
export const MAX_READY_DAYS = 32;
/** How often the key file of a room that moves on is looked at for what others did, in ms. */
export const KEY_FILE_CHECK_MS = 5000;
/** Least time between two looks at the keys of the day that other clients of a member made, in ms. */
export const DAY_KEYS_REFRESH_MS = 1000;
/** Further keys of a member that a private message is sealed for: one for each machine. */
export const MAX_OTHER_KEYS = 7;
