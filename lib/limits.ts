/**
 * Every number the project is bounded by, with its unit and its reason.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

const KIB = 1024;
const MIB = 1024 * KIB;

// The wire

/** Longest line in bytes, LF excluded: a token around 49,000 bytes of plaintext. */
export const MAX_LINE_BYTES = 65_536;
/** Shortest token in characters: one AES block (57 + 16 bytes in base64). */
export const MIN_TOKEN_CHARS = 100;
/** Longest control line in bytes: an `!AUTH` takes 93, the rest is room to grow. */
export const MAX_CONTROL_BYTES = 512;
/** Lines of noise a peer may send: enough for a mistyped paste, too few for a scan. */
export const MAX_NOISE_LINES = 20;
/** Longest text of one message, in bytes of UTF-8; its token fits one line. */
export const MAX_TEXT_BYTES = 40_000;
/** Longest nickname, in bytes of UTF-8. */
export const MAX_NICKNAME_BYTES = 32;

// Messages

/** Plaintexts are padded to one of these sizes, in bytes, so that short lines look alike ... */
export const SMALL_PLAINTEXT_BYTES = [511, 1023, 2047, 4095] as const;
/** ... and longer ones to one byte less than a multiple of this. */
export const PADDING_STEP_BYTES = 4096;
/** Longest plaintext in bytes: the largest padded size whose token fits one line. */
export const MAX_PLAINTEXT_BYTES = 11 * PADDING_STEP_BYTES - 1;
/** Longest name of a kind of message, in characters. */
export const MAX_KIND_CHARS = 16;

// The client's memory

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
/** First and longest wait, in ms, before a client connects again. */
export const MIN_BACKOFF_MS = 500;
export const MAX_BACKOFF_MS = 30_000;
/** Time after a reconnect, in ms, in which much is sent again, and that goes without saying. */
export const SETTLING_MS = 15_000;
/** Longest that messages wait for one that is missing in that time, in ms. */
export const SETTLING_PATIENCE_MS = 15_000;
/** Age, in ms, up to which a copy of a message counts as still on its way to who asks for it. */
export const RECENT_COPY_MS = 1000;
/** Difference from the relay's clock, in seconds, that is worth a hint. */
export const MAX_CLOCK_DIFFERENCE_SECONDS = 120;
/** Longest private message, in bytes of UTF-8: its inner token must fit a text. */
export const MAX_PRIVATE_TEXT_BYTES = 29_900;
/** Clients of one user in one room that remember what they have seen. */
export const MAX_CLIENTS_OF_ONE_USER = 16;
/** Longest wait, in ms, for a file that another client of the same user may be using. */
export const OWNER_WAIT_MS = 50;
/** Least time between two saves of what has been seen, in ms. */
export const SEEN_SAVE_MS = 250;
/** Most messages of the past that a client may ask for; a relay keeps fewer. */
export const MAX_BACKLOG_REQUEST = 10_000;
/** Messages of the past that a client asks for by itself. */
export const DEFAULT_BACKLOG_REQUEST = 200;
/** Longest `--reconnect`, in seconds. */
export const MAX_RECONNECT_SECONDS = 604_800;
/** How long a client at a terminal, and one in a script, tries to connect again, in ms. */
export const TERMINAL_RECONNECT_MS = 86_400_000;
export const PIPE_RECONNECT_MS = 300_000;
/** Longest that a client takes to say goodbye when a signal ends it, in ms. */
export const GOODBYE_MS = 300;
/** Messages that a client sends again because others ask: at once, and then a second. */
export const RESEND_BURST = 10_000;
export const RESENDS_PER_SECOND = 500;
/** How far a message's time may be off, in seconds, before it is shown as old. */
export const MAX_AGE_SECONDS = 300;

// Fernet

/** How far in the future a token's time may lie, in seconds, as in the Fernet spec. */
export const MAX_CLOCK_SKEW_SECONDS = 60;
/** Tokens that a client encrypts or decrypts at once: WebCrypto runs them on other threads. */
export const MAX_CRYPTO_IN_FLIGHT = 16;

// The relay

/** Clients at once, unless `--max-clients` says otherwise. */
export const DEFAULT_MAX_CLIENTS = 100;
/** Largest `--max-clients`; above it the file-descriptor limit decides anyway. */
export const MAX_MAX_CLIENTS = 100_000;
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
/** Smallest `--max-log`, in MiB: below it a burst of one member would fill the log. */
export const MIN_LOG_MIB = 16;
/** Largest `--max-log`, in MiB. */
export const MAX_LOG_MIB = 1024;
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
/** Bytes of the largest `admission.pub`: the line takes 77, and may end in CR LF. */
export const MAX_ADMISSION_FILE_BYTES = 79;
/** Lines that a member gets of the past, unless `--backlog-lines` says otherwise. */
export const DEFAULT_BACKLOG_LINES = 200;
/** Largest `--backlog-lines`: half of the shortest lines that the bytes would hold. */
export const MAX_BACKLOG_LINES = 10_000;
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

// Programs and files

/** Lowest TCP port served, 0 (any free one) aside: those below need root. */
export const MIN_PORT = 1024;
/** Highest TCP port. */
export const MAX_PORT = 65_535;
/** Longest wait for a connection to the relay, in ms. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** Longest wait for the relay to admit a client, in ms. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;
/** Longest wait for the relay to take what was sent before leaving, in ms: 10 MB held by the
 * kernels at a guest's rate. */
export const FINISH_TIMEOUT_MS = 600_000;
/** Time, in ms, after which a user who leaves is told what is waited for. */
export const FINISH_NOTICE_MS = 2000;
/** Age, in ms, after which the leftover of a key creation that was killed is removed. */
export const STALE_TEMPORARY_MS = 60_000;
/** Combining marks kept on one character: Burmese needs five, more draw over other lines. */
export const MAX_COMBINING_MARKS = 8;

// Observability

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
/** Largest `--line-timeout`, in seconds. */
export const MAX_LINE_TIMEOUT_SECONDS = 3600;

// Files of one member on disk

/** Longest state file that is read, in bytes; pins and windows at their bounds are shorter. */
export const MAX_STATE_FILE_BYTES = 16 * MIB;
/** How far a state file may be behind, in ms: what a kill can lose, against a sync per message. */
export const STATE_SAVE_DELAY_MS = 1000;
/** Longest wait for another process's lock on a state file, in ms; it is held for a few. */
export const STATE_LOCK_WAIT_MS = 5000;
/** Nicknames pinned to keys: far more than one room has; each takes some 100 bytes. */
export const MAX_PINS = 10_000;
/** Senders' epochs whose messages are counted; each start of each client makes one. */
export const MAX_WINDOWS = 4096;
/** Ranges of missing messages kept for one epoch; beyond them the lowest count as seen. */
export const MAX_MISSING_RANGES = 64;

// What the user of a client has at hand

/** How much the client's heap may grow before it is tidied, in percent of what is in use: that
 * is some 30 MiB, and a flood of messages lets it double by itself. */
export const HEAP_GROWING_PERCENT = 30;
/** Events that wait for the user's side while further ones are decrypted: 15,000 a second with 30
 * repaints, and 20 MB if each is the longest of messages. */
export const MAX_UNREAD_EVENTS = 500;
/** Characters kept of why a member is away: a line in a list of members. */
export const MAX_AWAY_CHARS = 200;
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
/** Wait, in ms, before a newcomer is told who is here: most answers to a `join` are there by then. */
export const WELCOME_NAMES_MS = 1500;
/** Files that the completion of a path lists. */
export const MAX_LISTED_FILES = 1000;
/** Longest history file, in bytes: a hundred messages of the longest kind, or 1,000 common ones. */
export const MAX_HISTORY_FILE_BYTES = 4 * MIB;
/** Wait, in ms, after which a lone ESC is the Escape key: longer than a sequence takes to come. */
export const ESCAPE_TIMEOUT_MS = 50;
/** Wait, in ms, after which the end of a paste does not come any more. */
export const PASTE_TIMEOUT_MS = 1000;
/** Lines that were entered before the room can be written to. */
export const MAX_WAITING_INPUTS = 1000;
/** Time, in ms, within which a second SIGINT is the first one again: nobody presses as fast. */
export const SIGNAL_ECHO_MS = 50;
/** Longest wait, in ms, for a terminal to take the prompt off before it is given back. */
export const RESTORE_MS = 300;
/** Longest wait, in ms, for a terminal to take what was written before the program ends; one that
 * has taken nothing for half of it is given up. */
export const STUCK_MS = 2000;
/** Longest that putting the terminal in order takes, in ms, unless the process was stopped in it. */
export const STOPPED_MS = 100;
/** Wait, in ms, for the signal that a stopped process goes on; none comes if it was not stopped. */
export const CONTINUE_WAIT_MS = 50;
/** Wait, in ms, before the terminal's title is changed: a flood changes it four times a second. */
export const TITLE_DELAY_MS = 250;

// Bots

/** Longest line of input from a bot, in bytes: the longest text, each byte of it escaped. */
export const MAX_JSON_LINE_BYTES = 256 * KIB;
/** Characters of the name that a bot gives an input; a thousand of them may wait. */
export const MAX_REF_CHARS = 128;
// Settings

/** Longest settings file that is read, in bytes: a hundred times what all settings take. */
export const MAX_SETTINGS_FILE_BYTES = 64 * KIB;
/** Characters of a refused value that its error shows: half a screen, or the hint is gone. */
export const MAX_SHOWN_VALUE_CHARS = 1000;
/** Changes of one letter within which a misspelt setting is recognized: two slips, and no guess. */
export const MAX_MISSPELT_LETTERS = 2;
/** Longest misspelt setting that is compared, in characters: the comparison takes its square. */
export const MAX_COMPARED_NAME_CHARS = 64;
/** Messages within messages that are translated, such as reasons of failures. */
export const MAX_NESTED_MESSAGES = 4;
// The line editor

/** Longest escape sequence that is looked at, in bytes; a longer one is swallowed. */
export const MAX_SEQUENCE_BYTES = 64;
/** Longest paste that is kept, in bytes: one that is too long to send is still measured. */
export const MAX_PASTE_BYTES = MIB;
/** Texts that were killed and can be yanked, as many as readline's users go back; each fits a
 * message. */
export const MAX_KILLS = 10;
/** Changes of a draft that can be undone; each keeps the text before it, which fits a message. */
export const MAX_UNDOS = 100;
/** Lines that Up goes back to. */
export const MAX_HISTORY_ENTRIES = 1000;
/** The same in characters: twenty of the longest. */
export const MAX_HISTORY_CHARS = 800_000;
/** Lines of the past whose changes are kept while others are looked at. */
export const MAX_HISTORY_EDITS = 20;
/** Longest text that is looked for in the history, in characters: two rows. */
export const MAX_SEARCH_CHARS = 160;
/** Lines that are pasted without a question: more may be a mistake, and go to everybody. */
export const MAX_UNASKED_PASTE_LINES = 10;
/** Completions that Tab goes through; of more there is no overview. */
export const MAX_CANDIDATES = 500;
// The screen

/** Repaints of the prompt area in a second: as smooth as the eye asks for, and a flood in batches. */
export const MAX_REPAINTS_PER_SECOND = 30;
/** Messages that go to the terminal in one repaint ... */
export const MAX_REPAINT_ITEMS = 1000;
/** ... and characters, beyond the first message: what a slow terminal takes in a moment. */
export const MAX_REPAINT_CHARS = 256 * KIB;
/** Time, in ms, that laying them out may take beyond the first: then keys are seen to again. */
export const MAX_LAYOUT_MS = 100;
/** Messages that wait for the terminal: two bursts of a member, 30 MiB if each is short. */
export const MAX_UNDRAWN_ITEMS = 40_000;
/** Longest wait for a terminal to tell where its cursor is, in ms. */
export const CURSOR_ANSWER_MS = 100;
/** Sizes that one repaint looks at while a window is being dragged; each may take an answer. */
export const MAX_MEASUREMENTS = 4;
/** Widest row that is laid out, in columns; wider terminals are used up to here. */
export const MAX_COLUMNS = 1000;
/** Line breaks of one message that are kept: more would push all else off the screen. */
export const MAX_SHOWN_BREAKS = 60;
/** Bells and desktop notifications in a second: more is noise. */
export const MAX_ALERTS_PER_SECOND = 2;
/** Longest text of a desktop notification or a title, in characters. */
export const MAX_NOTICE_CHARS = 200;
/** Bytes that are read from the terminal at once. */
export const TTY_READ_BYTES = 64 * KIB;
