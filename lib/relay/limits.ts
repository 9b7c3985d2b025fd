/**
 * Bounds of the relay, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../bytes/units.ts";

/** Lines of noise a peer may send: enough for a mistyped paste, too few for a scan. */
export const MAX_NOISE_LINES = 20;
/** Memory of the shared log, in bytes: several seconds of a fast room. */
export const MAX_LOG_BYTES = 64 * MIB;
/** First segment of the log, in bytes, so that an idle relay stays small. */
export const MIN_SEGMENT_BYTES = 64 * KIB;
/** Largest segment of the log, in bytes; the unit in which the log is freed. */
export const MAX_SEGMENT_BYTES = MIB;
/** Freed segments kept to be filled again: what a busy room holds, and no burden when idle. */
export const MAX_SPARE_SEGMENTS = 8;
/** Largest half of the engine's young generation, in MiB, as deno.json's tasks and the compiled
 * programs set it: what a relay makes lives for a moment. By itself it grows to 16, in steps that
 * add 40 MiB to a busy process and 4 KiB to each of 10,000 clients. */
export const MAX_SEMI_SPACE_MIB = 4;
/** First read buffer of a peer, in bytes; most peers never need a larger one. */
export const MIN_READ_BUFFER_BYTES = KIB;
/** Largest read buffer of a peer, in bytes; it must hold a whole line. */
export const MAX_READ_BUFFER_BYTES = 256 * KIB;
/** Connections the kernel keeps until they are accepted; 511 makes a burst of 10,000 wait. */
export const TCP_BACKLOG = 4096;
/** Promise steps in which somebody who is just being accepted enters the room; it takes 4. */
export const MAX_ACCEPT_STEPS = 12;
/** Turns of the event loop that what was read waits while others are just being accepted. */
export const MAX_ACCEPT_TURNS = 10;
/** Connections served in one turn of the event loop in which no other was accepted. */
export const MAX_SERVED_PER_TURN = 64;
/** Connections served in one turn while a line waits for them: some 25 ms. */
export const MAX_SERVED_BEFORE_LINE = 256;
/** Connections accepted and not served yet; beside these the kernel keeps {@linkcode TCP_BACKLOG}. */
export const MAX_UNSERVED = 8192;
/** Wait after a failed accept, in ms; file descriptors come back when peers leave. */
export const ACCEPT_RETRY_MS = 100;
/** Longest that all senders wait, in ms, for a member to leave the oldest segment of a full log. */
export const FULL_LOG_WAIT_MS = 1000;
/** The same for a guest: too short to be noticed, enough to read 1 MiB on one's way. */
export const GUEST_FULL_LOG_WAIT_MS = 100;
/** A peer further behind than this, in bytes, must drain at the slowest rate allowed. */
export const SLOW_READER_LAG_BYTES = MIB;
/** A peer behind by more, in bytes, to which nothing was written for 1 s holds nobody back. */
export const STALLED_LAG_BYTES = 64 * KIB;
/** Slowest rate at which a peer that is behind may drain, in bytes a second. */
export const SLOW_READER_BYTES_PER_SECOND = 64 * KIB;
/** Time over which that rate is averaged, in ms. */
export const SLOW_READER_WINDOW_MS = 10_000;
/** Bytes waiting per peer, on average, above which busy senders pause: the rest stays quick. */
export const CONGESTED_BYTES_PER_PEER = 512 * KIB;
/** Bytes waiting for all peers together above which busy senders pause: some 30 ms of writing. */
export const CONGESTED_BYTES = 64 * MIB;
/** Bytes for all peers together after which busy senders wait for the event loop's next turn. */
export const TURN_BYTES = 16 * MIB;
/** Longest turn, in ms, in which less than a quarter of that is handled. */
export const MAX_LIGHT_TURN_MS = 25;
/** What a write costs beside its bytes, as so many bytes more. */
export const WRITE_OVERHEAD_BYTES = 8 * KIB;
/** Bytes that a peer may send in a second before it counts as busy: a hundred messages. */
export const BUSY_BYTES_PER_SECOND = 16 * KIB;
/** How often a paused sender looks whether it may go on, in ms. */
export const CONGESTION_CHECK_MS = 2;
/** How often deadlines and slow readers are looked for, in ms: one timer for all peers. */
export const SWEEP_MS = 1000;
/** Time within which a line that was begun must end, in ms. */
export const LINE_TIMEOUT_MS = 15_000;

/** What a peer may send: over a rate it is not read from for a while; nothing is lost. */
export interface Rate {
  readonly linesPerSecond: number;
  readonly linesBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
}

/** Rates of those who have not proved the key: a lively script, not a flood. */
export const GUEST_RATE: Rate = {
  linesPerSecond: 200,
  linesBurst: 2000,
  bytesPerSecond: 256 * KIB,
  bytesBurst: 4 * MIB,
};
/** Rates of members: a file in a few seconds. */
export const MEMBER_RATE: Rate = {
  linesPerSecond: 2000,
  linesBurst: 20_000,
  bytesPerSecond: 8 * MIB,
  bytesBurst: 32 * MIB,
};
/** Longest that the lines of the room are held back from a new connection, in ms: time for its
 * `!HELLO` to come first. */
export const HELLO_GRACE_MS = 100;
/** Time within which a challenge must be answered, in ms; `--members-only` gives no more from the
 * connection on. */
export const PROOF_TIMEOUT_MS = 10_000;
/** Time that a connection has to prove the key where the room is full, in ms. */
export const FULL_ROOM_WAIT_MS = 3000;
/** Connections without a proof that wait outside the room at once. */
export const MAX_WAITING = 32;
/** Proofs that may fail within the window, for each address: more than a person mistypes. */
export const MAX_FAILED_PROOFS = 5;
/** That window, in ms. */
export const FAILED_PROOF_WINDOW_MS = 60_000;
/** How long an address with as many failures cannot begin a handshake, in ms. */
export const FAILED_PROOF_PAUSE_MS = 60_000;
/** Addresses with failures that are remembered: some 500 KiB; the oldest is forgotten. */
export const MAX_FAILED_ADDRESSES = 4096;
/** Lines that a member gets of the past, unless `--backlog-lines` says otherwise. */
export const DEFAULT_BACKLOG_LINES = 200;
/** Bytes of the past that are kept, those of guests included. */
export const MAX_BACKLOG_BYTES = 2 * MIB;
/** Bytes of the log that may wait to be kept: a hundred messages. */
export const MAX_UNFILED_BYTES = 16 * KIB;
/** Age, in ms, at which a line of the past is forgotten: a day. */
export const MAX_BACKLOG_AGE_MS = 86_400_000;
/** Lines of guests among those of the past: a flood of theirs takes no more. */
export const GUEST_BACKLOG_LINES = 20;
/** Bytes of guests among those of the past. */
export const GUEST_BACKLOG_BYTES = 256 * KIB;
/** Silence of a member, in ms, after which it is asked whether it is there. */
export const PING_AFTER_MS = 30_000;
/** Silence of a member, in ms, after which it counts as gone. */
export const DEAD_AFTER_MS = 90_000;
/** `!JOINED` and `!GONE` that wait for one member: as many as a large room has members. */
export const MAX_WAITING_NOTICES = 1024;
/** Other control lines that wait for one peer; with more it does not read its answers. */
export const MAX_WAITING_ANSWERS = 4096;
/** Bytes of control lines and backlog that are put into one write. */
export const MAX_CONTROL_WRITE_BYTES = 64 * KIB;
/** Longest that a peer's queue may take to drain after its end of input, in ms. */
export const DRAIN_MS = 2000;
/** Longest that a closing connection is read from, in ms, so that its `!ERR` arrives. */
export const LINGER_MS = 1000;
/** The same when the relay is being stopped, in ms. */
export const STOP_LINGER_MS = 250;
/** Time without a failure after which accepting counts as working again, in ms. */
export const ACCEPT_RECOVERY_MS = 1000;
/** Bytes read and dropped from a closing connection. */
export const MAX_LINGER_BYTES = MIB;
/** Connections lingering at once; a further one is closed without. */
export const MAX_LINGERING = 32;

/** Lines that the event log writes at once and then a second; strangers can cause thousands. */
export const MAX_EVENT_LINES_PER_SECOND = 50;
/** Lines that wait for a stderr that nobody reads; more are left out and counted. */
export const MAX_WAITING_EVENT_LINES = 100;
/** Wait, in ms, before the number of events that were left out is written. */
export const LEFT_OUT_NOTICE_MS = 1000;
/** Longest that a stopping server waits for its event log to be written, in ms. */
export const EVENT_LOG_DRAIN_MS = 500;
/** How often the event loop's delay is measured, in ms, if metrics are served. */
export const EVENT_LOOP_SAMPLE_MS = 100;
/** Time over which quantiles of the event loop's delay are taken, in seconds. */
export const EVENT_LOOP_WINDOW_SECONDS = 60;
