/**
 * Bounds of a relay that shares a room with others, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../bytes/units.ts";

/** Bytes of lines in one entry: as much as a relay reads from a client at once. With half as many
 * each receiver gets two writes for one of a relay that is alone. */
export const MAX_BATCH_BYTES = 256 * KIB;
/** Longest entry, in bytes: what a server of NATS takes unless it is told otherwise. */
export const MAX_ENTRY_BYTES = MIB;
/** Bytes that wait to be in the stream and to come back. Above it, senders are not read from. */
export const MAX_QUEUED_BYTES = 8 * MIB;
/** Members that come and go and wait to be told of. With more, all who are here are told instead. */
export const MAX_WAITING_ATTENDANCES = 10_000;
/** What an entry's part takes in memory beside its lines, in bytes. */
export const PART_OVERHEAD_BYTES = 128;
/** Time after which an entry without an answer is published again, in ms. */
export const ENTRY_RESEND_MS = 2000;
/** The same after a refusal, in ms: an election takes a second or two. */
export const REFUSED_RESEND_MS = 250;
/** Time after which an entry that is stored and has not come back is published again, in ms. */
export const LOST_AFTER_MS = 5000;
/** How long a relay keeps what it has published, in ms, for others that miss it. */
export const KEPT_MS = 60_000;
/** Bytes of that. */
export const MAX_KEPT_BYTES = 8 * MIB;
/** Bytes that are published again for one relay that asks, at once. It asks again for more. */
export const MAX_REPAIR_BYTES = MIB;

/** Heartbeats of the stream that may fail to come, before it is asked for anew. */
export const MAX_SILENCES = 3;
/** How often the stream says that nothing has come, in ms. */
export const FOLLOWER_HEARTBEAT_MS = 1000;
/** Wait before the stream is asked for again after a failure, in ms. */
export const FOLLOW_RETRY_MS = 500;
/** Requests that fail one after the other before another server is tried. */
export const MAX_FAILED_REQUESTS = 3;
/** Bytes that came from the stream and wait for room in the log: twice what a server sends ahead. */
export const MAX_INBOX_BYTES = 64 * MIB;
/** Entries that are read back at the start for each line of the backlog, as most have one or more. */
export const READ_BACK_FACTOR = 2;
/** Least entries that are read back at the start, to learn which relays there are. */
export const MIN_READ_BACK = 100;
/** Entries that are read again to find one that is missing. */
export const REWIND_ENTRIES = 512;

/** Relays that are remembered, each with its last number. The one not heard of longest goes first. */
export const MAX_RELAYS = 256;
/** Entries of one relay that may be missing. What is behind a larger gap is taken as it is. */
export const MAX_GAP = 1024;
/** Bytes that wait for entries that are missing. */
export const MAX_HELD_BYTES = 8 * MIB;
/** Time, in ms, in which an entry that is missing may still come by itself. */
export const GAP_SETTLE_MS = 500;
/** Time after which missing entries are asked for again, in ms. */
export const GAP_ASK_MS = 3000;
/** Time after which missing entries are given up, in ms. */
export const GIVE_UP_MS = 15_000;

/** How often a relay says that it is here, in ms. */
export const BEAT_MS = 5000;
/** Silence of a relay, in ms, after which its members are gone. */
export const RELAY_SILENT_MS = 15_000;
/** Members of one relay that are counted: the most that `--max-clients` allows. */
export const MAX_MEMBERS = 100_000;
/** Least time between two lists of its members that a relay publishes, in ms. */
export const ROSTER_MS = 2000;

/** Longest wait for a connection to a server of NATS, in ms. */
export const NATS_CONNECT_MS = 5000;
/** Longest wait for the answer to a request, in ms. */
export const REQUEST_TIMEOUT_MS = 2000;
/** How often the state of the stream is asked for until an answer comes, in ms. */
export const ASK_STREAM_AGAIN_MS = 500;
/** How often a server of NATS is asked whether it is there, in ms. After 2 silences it is not. */
export const NATS_PING_MS = 5000;
/** Shortest and longest wait before the next try to connect, in ms. */
export const MIN_RETRY_MS = 200;
/** The longest of these waits, in ms. */
export const MAX_RETRY_MS = 1000;
/** How often the log says that there is still no connection, in ms. */
export const WAITING_NOTICE_MS = 60_000;
/** Longest that a stopping relay waits until its lines are in the stream, in ms. */
export const CLOSE_MS = 5000;
/** Bytes that are read from a server of NATS at once. */
export const NATS_READ_BYTES = 64 * KIB;
/** Longest first line of a server of NATS, in bytes. */
export const MAX_INFO_BYTES = 32 * KIB;
/** Connections that have different numbers at one relay. */
export const MAX_LOCAL = 2 ** 25;
/** Numbers of relays: 24 random bits each. */
export const MAX_RUN = 2 ** 24;
