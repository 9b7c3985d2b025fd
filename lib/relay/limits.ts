/**
 * Bounds of the relay, each with its unit and its reason.
 *
 * @module
 */

import { KIB, MIB } from "../bytes/units.ts";

/** Lines of noise that a peer may send: enough for a mistyped paste, too few for a scan. */
export const MAX_NOISE_LINES = 20;
/** Memory of the shared log, in bytes: several seconds of a fast room. */
export const MAX_LOG_BYTES = 64 * MIB;
/** First segment of the log, in bytes, so that an idle relay stays small. */
export const MIN_SEGMENT_BYTES = 64 * KIB;
/** Largest segment of the log, in bytes. The log is freed segment by segment. */
export const MAX_SEGMENT_BYTES = MIB;
/** Freed segments that are kept to be filled again. A busy room needs about 8. */
export const MAX_SPARE_SEGMENTS = 8;
/** Largest half of the engine's young generation, in MiB. The tasks of deno.json and the compiled
 * programs set it. Most objects of a relay live for a moment. Unset, the half grows to 16 MiB, in
 * steps that add 40 MiB to a busy process and 4 KiB to each of 10,000 clients. */
export const MAX_SEMI_SPACE_MIB = 4;
/** First read buffer of a peer, in bytes; most peers never need a larger one. */
export const MIN_READ_BUFFER_BYTES = KIB;
/** Largest read buffer of a peer, in bytes. It must hold a whole line. */
export const MAX_READ_BUFFER_BYTES = 256 * KIB;
/** Connections that the kernel keeps until they are accepted. With 511, a burst of 10,000 waits. */
export const TCP_BACKLOG = 4096;
/** Promise steps that a new connection may take from the runtime to the room. It takes 4. */
export const MAX_ACCEPT_STEPS = 12;
/** Turns of the event loop that a line waits at most for connections made before it was sent. One
 * turn accepts some 130 of them, and {@linkcode TCP_BACKLOG} wait at most. */
export const MAX_ACCEPT_TURNS = 40;
/** Connections served in one turn of the event loop in which no other was accepted. */
export const MAX_SERVED_PER_TURN = 64;
/** Connections served in one turn while no more can be accepted. Serving them takes some 25 ms. */
export const MAX_SERVED_IF_FULL = 256;
/** Connections that are accepted and not served. The kernel keeps {@linkcode TCP_BACKLOG} more. */
export const MAX_UNSERVED = 8192;
/** Wait after a failed accept, in ms. File descriptors come back when peers leave. */
export const ACCEPT_RETRY_MS = 100;
/** Time after which a member that stays in the oldest segment of a full log is cut, in ms. */
export const FULL_LOG_WAIT_MS = 1000;
/** The same time for a guest, in ms: too short to be noticed, and enough to read 1 MiB. */
export const GUEST_FULL_LOG_WAIT_MS = 100;
/** A peer that is further behind than this, in bytes, has to take some bytes all the time. */
export const SLOW_READER_LAG_BYTES = MIB;
/** A peer that is further behind than this, in bytes, and got nothing for 1 s has stalled. */
export const STALLED_LAG_BYTES = 64 * KIB;
/** Bytes that a peer that is behind has to take within {@linkcode SLOW_READER_WINDOW_MS}: 64 KiB a
 * second for 10 s. */
export const MIN_SLOW_READER_BYTES = 640 * KIB;
/** The time for them, in ms: 10 s, and one sweep in which a quick reader may have stopped. */
export const SLOW_READER_WINDOW_MS = 11_000;
/** Queued bytes per peer, on average, above which busy senders pause. Other peers stay quick. */
export const CONGESTED_BYTES_PER_PEER = 512 * KIB;
/** Queued bytes of all peers above which busy senders pause. Writing them takes some 30 ms. */
export const CONGESTED_BYTES = 64 * MIB;
/** Bytes for all peers together after which busy senders wait for the event loop's next turn. */
export const TURN_BYTES = 16 * MIB;
/** Longest turn, in ms, in which less than a quarter of {@linkcode TURN_BYTES} is handled. */
export const MAX_LIGHT_TURN_MS = 25;
/** The fixed cost of a write, as the number of bytes that cost as much. */
export const WRITE_OVERHEAD_BYTES = 8 * KIB;
/** Bytes that a peer may send in a second before it counts as busy: a hundred messages. */
export const BUSY_BYTES_PER_SECOND = 16 * KIB;
/** How often a paused sender looks whether it may go on, in ms. */
export const CONGESTION_CHECK_MS = 2;
/** How often deadlines and slow readers are looked for, in ms. All peers share one timer. */
export const SWEEP_MS = 1000;
/** Time within which a line that was begun must end, in ms. */
export const LINE_TIMEOUT_MS = 15_000;

/** How much a peer may send. A peer over its rate is not read from for a while; nothing is lost. */
export interface Rate {
  readonly linesPerSecond: number;
  readonly linesBurst: number;
  readonly bytesPerSecond: number;
  readonly bytesBurst: number;
}

/** The rate of a guest: enough for a lively script, too little for a flood. */
export const GUEST_RATE: Rate = {
  linesPerSecond: 200,
  linesBurst: 2000,
  bytesPerSecond: 256 * KIB,
  bytesBurst: 4 * MIB,
};
/** The rate of all guests of one network together: about that of one member. Who comes back gets no new
 * burst. */
export const GUEST_NETWORK_RATE: Rate = {
  linesPerSecond: 500,
  linesBurst: 2000,
  bytesPerSecond: 512 * KIB,
  bytesBurst: 4 * MIB,
};
/** Networks of which is remembered what their guests have left, in some 1 MiB. */
export const MAX_GUEST_NETWORKS = 4096;
/**
 * The rate of a member. Reading it takes a client a tenth of a core: 0.2 ms a message, and 20 ms to lay
 * out one of the longest. The burst is all that a client keeps to be sent again after a reconnect, in
 * common messages.
 */
export const MEMBER_RATE: Rate = {
  linesPerSecond: 400,
  linesBurst: 2500,
  bytesPerSecond: 512 * KIB,
  bytesBurst: 3 * MIB,
};
/** Longest that the lines of the room are held back from a new connection, in ms. Its `!HELLO` can
 * come first in this time. */
export const HELLO_GRACE_MS = 100;
/** Time within which a challenge must be answered, in ms. With `--members-only` the same time runs
 * from the connection on, too. */
export const PROOF_TIMEOUT_MS = 10_000;
/** Time that a connection has to prove the key where the room is full, in ms. */
export const FULL_ROOM_WAIT_MS = 3000;
/** Connections without a proof that wait outside the room at once, in some 7 MiB. At 400 strangers a
 * second each has 1.3 s, and a member 80 ms away needs 0.2 s. */
export const MAX_WAITING = 512;
/** Time that one of these has for its next step before another may get its place, in ms. A member
 * 80 ms away needs 80 ms. With 512 places, 1,700 strangers a second can be let in. */
export const ANSWER_MS = 300;
/** The same time for one of a crowd, in ms. */
export const CROWD_ANSWER_MS = 100;
/** A network is a crowd if it has more than a 32nd of the places: 16 of 512, which no household has. */
export const CROWD_SHARE = 32;
/** Time in which a connection to the port for TLS has to shake hands, in ms, as for a proof. */
export const TLS_HANDSHAKE_MS = PROOF_TIMEOUT_MS;
/** Connections that shake hands at once, in some 8 MiB. Each has 0.3 s at least. */
export const MAX_SHAKING = 256;
/** Strangers that a handshake counts as, as it takes as much of a core: some 300 come in a second. */
export const STRANGERS_OF_HANDSHAKE = 3;
/** How often is looked whether another connection can be accepted, in ms. */
export const ENTRANCE_CHECK_MS = 2;
/** Connections of strangers that are accepted in a second: they take a third of a core. */
export const STRANGERS_PER_SECOND = 1000;
/** As many may come at once before accepting slows down. */
export const STRANGERS_BURST = 1000;
/** Longest that nobody is accepted because many strangers have left, in ms. */
export const MAX_ENTRANCE_PAUSE_MS = 100;
/** Slots of invitations that all members hold at once: few names for a stranger to guess. */
export const MAX_SLOTS = 32;
/** Slots that one member holds at once. */
export const MAX_SLOTS_OF_MEMBER = 3;
/**
 * Slots of all members of one network, so that one person with many connections leaves most of them
 * to others. Four people behind one address have all that they may have.
 */
export const MAX_SLOTS_OF_NETWORK = 12;
/** Time that a slot waits for its visitor, in seconds: enough to pass four words on. */
export const SLOT_SECONDS = 600;
/** Time that a visitor has for all it does, in ms. Two clients need a fraction of a second. */
export const VISIT_MS = 10_000;
/** Messages that each side of a slot may pass. A client needs 2. */
export const MAX_PASSES = 4;
/** Slots that have ended and whose end is told to who comes late: eight times the slots held. */
export const MAX_ENDED_SLOTS = 256;
/** Names of slots that are wrong, from one address within the window: more than a person mistypes. */
export const MAX_WRONG_SLOTS = 5;
/** The window of {@linkcode MAX_WRONG_SLOTS}, in ms; and how long the address then visits none. */
export const WRONG_SLOT_WINDOW_MS = 60_000;
/** Addresses with wrong names that are remembered, in some 500 KiB. The oldest is forgotten. */
export const MAX_WRONG_SLOT_NETWORKS = 4096;
/** Lines of the backlog that a member gets, unless `--backlog-lines` says otherwise. */
export const DEFAULT_BACKLOG_LINES = 200;
/** Bytes of the backlog, lines of guests included. */
export const MAX_BACKLOG_BYTES = 2 * MIB;
/** Bytes of the log that may wait to be copied into the backlog: a hundred messages. */
export const MAX_UNFILED_BYTES = 16 * KIB;
/** Age, in ms, at which a line of the backlog is forgotten: a day. */
export const MAX_BACKLOG_AGE_MS = 86_400_000;
/** Lines of guests in the backlog: a guest's flood pushes out no line of a member. */
export const GUEST_BACKLOG_LINES = 20;
/** Bytes of those lines. */
export const GUEST_BACKLOG_BYTES = 256 * KIB;
/** Least time from lines to their place in the backlog file, in ms: what a kill of the process loses. */
export const KEEP_DELAY_MS = 50;
/** Longest such time while the disk is slow, in ms. */
export const MAX_KEEP_DELAY_MS = 1000;
/** The part of the time that goes into writing the file: a tenth. */
export const KEEP_SHARE = 10;
/** Time after which a failed write of the backlog file is tried again, in ms. */
export const KEEP_RETRY_MS = 5000;
/** Bytes in the backlog file that do not count any more, before it is written anew. */
export const MAX_DEAD_BYTES = 4 * MIB;
/** Time that a line stays in the file after it is too old for the backlog, in ms. */
export const MAX_DEAD_MS = 3_600_000;
/** Difference of two clocks' paces, in ms, that means that the wall clock was set. */
export const CLOCK_JUMP_MS = 60_000;
/** Longest that a stopping relay waits for its backlog file, in ms. */
export const KEEP_DRAIN_MS = 2000;
/** Silence of a member, in ms, after which it is asked whether it is there. */
export const PING_AFTER_MS = 30_000;
/** Silence of a member, in ms, after which it counts as gone. */
export const DEAD_AFTER_MS = 90_000;
/** Longest that who has ended its output keeps its place for what a cluster has not taken, in ms: an
 * election of NATS takes less. */
export const TAKEN_WAIT_MS = 30_000;
/** Quiet, in ms, after which something is written to a guest. If its machine is gone, the system
 * ends the connection some 15 minutes after a write, and 2 hours after none. */
export const GUEST_PROBE_MS = 120_000;
/** `!JOINED` and `!GONE` lines that wait for one member: as many as a large room has members. */
export const MAX_WAITING_NOTICES = 1024;
/** Other control lines that wait for one peer. A peer with more does not read its answers. */
export const MAX_WAITING_ANSWERS = 4096;
/** Bytes of control lines and backlog that are put into one write. */
export const MAX_CONTROL_WRITE_BYTES = 64 * KIB;
/** Longest that a peer's queue may take to drain after its end of input, in ms. */
export const DRAIN_MS = 2000;
/** Longest that a closing connection is still read from, in ms, so that its `!ERR` arrives. */
export const LINGER_MS = 1000;
/** The same time when the relay is being stopped, in ms. */
export const STOP_LINGER_MS = 250;
/** Time without a failure after which accepting counts as working again, in ms. */
export const ACCEPT_RECOVERY_MS = 1000;
/** Bytes read and dropped from a closing connection. */
export const MAX_LINGER_BYTES = MIB;
/** Connections that linger at once. A further one is closed without its `!ERR`. */
export const MAX_LINGERING = 32;

/** Lines that the event log writes in a second, and in a burst. Strangers can cause thousands. */
export const MAX_EVENT_LINES_PER_SECOND = 50;
/** Lines that wait for a stderr that nobody reads. Further ones are left out and counted. */
export const MAX_WAITING_EVENT_LINES = 100;
/** Wait, in ms, before the number of events that were left out is written. */
export const LEFT_OUT_NOTICE_MS = 1000;
/** Longest that a stopping server waits for its event log to be written, in ms. */
export const EVENT_LOG_DRAIN_MS = 500;
/** How often the event loop's delay is measured, in ms, if metrics are served. */
export const EVENT_LOOP_SAMPLE_MS = 100;
/** Time over which quantiles of the event loop's delay are taken, in seconds. */
export const EVENT_LOOP_WINDOW_SECONDS = 60;
/** File descriptors that a server keeps beside its connections: for what it opens for a moment. */
export const SPARE_DESCRIPTORS = 8;
/** Connections to the metrics at once: some scrapers and a supervisor; the oldest one gives way. */
export const MAX_HTTP_CONNECTIONS = 16;
/** Time in which a connection to the metrics has to ask and to take its answer, in ms. */
export const MAX_HTTP_MS = 5000;
/** Longest head of a request for metrics, in bytes, as most web servers have it. */
export const MAX_HTTP_HEAD_BYTES = 8 * KIB;
