/**
 * Which test notices that a limit of lib/ is missing, and which numbers are not shown to be noticed.
 *
 * @module
 */

/** The limits that a test file notices, or those of its tests that have `filter` in their names. */
export interface Case {
  /** Its path. */
  readonly test: string;
  readonly filter?: string;
  readonly limits: readonly MissingLimit[];
}

/** A limit, and an expression that stands in its place and does not limit. */
export interface MissingLimit {
  readonly name: string;
  readonly value: string;
}

/** Numbers that are not taken out. */
export interface LeftOut {
  readonly reason: string;
  readonly names: readonly string[];
}

/**
 * Every limit that is covered: a file of tests/, names in lib/ and, where the other tests of the
 * file take long, a part of the name of a test. A name may have the value that does not limit.
 */
const COVERED: readonly (readonly [test: string, limits: string, filter?: string])[] = [
  ["async/backoff", "MIN_BACKOFF_MS MAX_BACKOFF_MS"],
  ["chat/answers", "MAX_LASTLOG_SHOWN"],
  ["chat/completion", "MAX_OPENING_SIGNS MAX_RECENT_SPEAKERS"],
  ["chat/conversation", "MAX_TEXT_BYTES"],
  ["chat/conversation_commands", "MAX_PRIVATE_TEXT_BYTES"],
  ["chat/describe_files", "MAX_PROGRESS_NAME_CHARS"],
  ["chat/sender", "ECHO_WAIT_MS"],
  ["terminal/show/untaken", "MAX_UNTAKEN_SHOWN=1"],
  ["chat/conversation_end", "FINISH_TIMEOUT_MS FINISH_NOTICE_MS"],
  ["chat/ignored", "MAX_IGNORED"],
  ["chat/lastlog", "MAX_LASTLOG_MESSAGES MAX_LASTLOG_CHARS"],
  ["chat/lookalikes", "MAX_LOOKS"],
  [
    "chat/notices",
    "MAX_NAMES_SUMMED_UP MAX_NOTICED_MEMBERS MEMBER_NOTICES_BURST MEMBER_NOTICE_MS NOTICES_BURST " +
    "NOTICE_MS SUM_UP_MS",
  ],
  ["chat/rotate_command", "MAX_ROTATION_NAMES"],
  ["chat/safety_numbers", "MAX_KEYS_SHOWN"],
  ["chat/input_handler", "MAX_AWAY_CHARS"],
  ["cli/address", "MIN_PORT MAX_PORT MAX_ADDRESSES MAX_HOSTNAME_CHARS"],
  ["cli/cluster_options", "NATS_PORT"],
  ["cluster/archive", "KEPT_MS MAX_KEPT_BYTES"],
  ["cluster/attendance", "MAX_RELAYS RELAY_SILENT_MS"],
  ["cluster/connection", "REQUEST_TIMEOUT_MS", "gives a request up"],
  ["cluster/stream_info", "ASK_STREAM_AGAIN_MS"],
  ["cluster/entry", "MAX_ENTRY_BYTES MAX_LOCAL MAX_MEMBERS MAX_RUN"],
  [
    "cluster/follower",
    "FOLLOWER_HEARTBEAT_MS MAX_SILENCES FOLLOW_RETRY_MS MAX_FAILED_REQUESTS MAX_INBOX_BYTES",
  ],
  ["cluster/position", "REWIND_ENTRIES"],
  ["cluster/notices", "WAITING_NOTICE_MS"],
  ["cluster/order", "GIVE_UP_MS MAX_GAP MAX_HELD_BYTES"],
  ["cluster/outbox", "MAX_BATCH_BYTES MAX_WAITING_ATTENDANCES PART_OVERHEAD_BYTES=0"],
  ["cluster/flight", "ENTRY_RESEND_MS REFUSED_RESEND_MS"],
  [
    "cluster/publisher",
    "LOST_AFTER_MS MAX_QUEUED_BYTES MAX_REPAIR_BYTES",
  ],
  ["cluster/repair", "GAP_ASK_MS GAP_SETTLE_MS"],
  ["cluster/stream_config", "STREAM_BYTES STREAM_SECONDS"],
  ["cluster/stream_info", "NO_STREAM"],
  ["cluster/talk", "BEAT_MS ROSTER_MS"],
  ["cluster/transport", "MAX_INFO_BYTES"],
  ["storage/cluster_files", "MAX_CLUSTER_FILE_BYTES"],
  ["cli/client_options", "MAX_BACKLOG_REQUEST MAX_KEEP_DAYS MAX_RECONNECT_SECONDS"],
  ["cli/file_options", "MAX_OFFER_SECONDS"],
  ["cli/health_spec", "MAX_HEALTH_WAIT_SECONDS"],
  ["cli/help", "COLUMNS"],
  [
    "cli/server_options",
    "DEFAULT_BACKLOG_LINES DEFAULT_MAX_CLIENTS LINE_TIMEOUT_MS MAX_BACKLOG_LINES " +
    "MAX_LINE_TIMEOUT_SECONDS MAX_LOG_BYTES MAX_LOG_MIB MAX_MAX_CLIENTS MAX_MAX_PIPES " +
    "MAX_PIPE_RATE_MIB MIN_LOG_MIB DEFAULT_PIPE_BYTES_PER_SECOND",
  ],
  ["cli/settings", "MAX_SHOWN_VALUE_CHARS"],
  [
    "client/asking",
    "ASK_JITTER_PER_CLIENT_MS ASK_RATE.burst ASK_RATE.perSecond ASK_RATE_OF_ONE_WRITER.burst " +
    "ASK_RATE_OF_ONE_WRITER.perSecond MAX_ASK_JITTER_MS",
  ],
  ["client/delivery", "MAX_SENT_AT_ONCE_BYTES UNREAD_MS"],
  [
    "client/resend_budget",
    "MAX_ASKERS RESEND_RATE.burst RESEND_RATE.perSecond RESEND_RATE_OF_ONE_ASKER.burst " +
    "RESEND_RATE_OF_ONE_ASKER.perSecond RESENT_LINE_BYTES=0",
  ],
  ["client/files/incoming", "SPOILED_WAIT_MS"],
  ["client/files/meter", "RATE_WINDOW_MS"],
  [
    "client/files/takes",
    "ASK_SENDER_MS MAX_OFFERS MAX_QUEUED_TAKERS MAX_SENDING MAX_SHARES MAX_TAKING SENDER_GONE_MS " +
    "TORN_RETRY_MS UNCONFIRMED_MS",
  ],
  ["crypto/sealed_text", "MAX_PASSPHRASE_BYTES MAX_SCRYPT_COST=32 MIN_SCRYPT_COST"],
  ["client/keys/agreement_ring", "DAY_KEYS_REFRESH_MS"],
  ["client/keys/key_ring", "KEY_FILE_CHECK_MS"],
  ["client/keys/key_set", "MAX_DAYS_OFF MAX_READY_DAYS"],
  ["client/keys/present", "MAX_AGREED_DIFFERENCE_SECONDS"],
  [
    "client/rotation/doorkeeper",
    "ANSWERS_TO_ONE_BURST ANSWER_KNOCK_MS ANSWER_KNOCK_PER_CLIENT_MS ANSWER_RATE.burst " +
    "ANSWER_RATE.perSecond ANSWER_TO_ONE_MS MAX_ANSWER_KNOCK_MS MAX_KNOCKERS MIN_ANSWER_KNOCK_MS " +
    "REFUSE_KNOCK_MS",
  ],
  ["client/rotation/hearing", "MAX_UNFOLLOWED"],
  ["client/rotation/held", "HOLD_MS MAX_HELD_CHARS MAX_HELD_TOKENS"],
  ["client/rotation/knocking", "KNOCKS_BURST KNOCK_JITTER_MS KNOCK_PACE_MS MIN_KNOCK_MS"],
  ["chat/rotate_command", "MIN_READ_QUESTION_MS"],
  ["client/rotation/opener", "MAX_MISSED"],
  ["client/rotation/succession", "MAX_FOLLOWED MAX_NEWCOMERS MAX_REKEY_DAYS"],
  ["client/reconnection", "STEADY_MS"],
  ["client/waiting", "HELD_MESSAGE_CHARS"],
  ["client/history", "MAX_PAST_TOKENS PROMPT_SECONDS=0"],
  ["client/status", "SILENT_MS"],
  ["client/inbox_age", "MAX_AGE_SECONDS MAX_SHOWN_HISTORY"],
  ["client/start", "MAX_PASSED_RUNS ROUNDING_MS"],
  ["client/past_lines", "TELLING_CHARS=0"],
  ["client/link", "CONNECT_TIMEOUT_MS HANDSHAKE_TIMEOUT_MS"],
  [
    "client/pairing/invitations",
    "MAX_SLOT_SECONDS MAX_SLOT_TRIES MEETING_TIMEOUT_MS RELAY_ANSWER_MS",
  ],
  ["client/pairing/join", "JOIN_END_MS JOIN_TIMEOUT_MS"],
  ["client/asking", "MAX_DOUBLINGS"],
  [
    "client/beginnings",
    "MAX_BEGINNINGS MAX_BEGINNINGS_OF_ONE_KEY MAX_HELD_AT_BEGINNINGS MIN_BEGINNING_ASKED",
  ],
  [
    "client/ordering",
    "ASK_AGAIN_MS ASK_JITTER_MS GAP_PATIENCE_MS MAX_GAP_WAIT_MS " +
    "MAX_HELD_MESSAGES MAX_HELD_OF_ONE_KEY MAX_POSTPONEMENTS SETTLING_PATIENCE_MS",
  ],
  [
    "client/outbox",
    "MAX_OUTBOX_BYTES MAX_OUTBOX_MESSAGES MAX_UNTAKEN_BYTES MAX_UNTAKEN_MESSAGES RECENT_COPY_MS " +
    "RESEND_MS",
  ],
  [
    "client/presence",
    "MAX_ANSWER_MS MAX_HEARTBEAT_MS MAX_IDLE_HEARTBEAT_MS MIN_ANSWER_MS MIN_HEARTBEAT_MS " +
    "MIN_IDLE_HEARTBEAT_MS MS_PER_ANSWERING_MEMBER",
  ],
  ["client/reader", "KEEP_MACS_MS MAX_CACHED_KEYS MAX_MACS"],
  [
    "client/roster",
    "MAX_AWAY_CHARS MAX_CLIENTS_OF_ONE_MEMBER MAX_HEARTBEAT_SECONDS MAX_ROSTER_ENTRIES " +
    "ROSTER_TTL_MS SILENCES_UNTIL_GONE UNHEARD_MS",
  ],
  ["client/sealing", "MAX_OTHER_KEYS"],
  ["client/session", "MAX_CRYPTO_IN_FLIGHT"],
  [
    "client/session_clock",
    "BEHIND_MS CLIENT_DEAD_MS CLIENT_PING_MS MAX_CLOCK_DIFFERENCE_SECONDS SETTLING_MS",
  ],
  ["client/trust", "MAX_IMPOSTORS"],
  ["crypto/fingerprint", "MAX_GROUPS"],
  ["crypto/moving_on", "KEEP_PARENT_SECONDS"],
  ["crypto/room_secret", "MAX_GENERATIONS"],
  ["e2e/cluster_standstill", "TAKEN_WAIT_MS", "leaves its place"],
  ["e2e/leaving_failures", "STUCK_MS=20_000", "takes nothing"],
  ["e2e/leaving_failures", "HANGUP_WAIT_MS=20_000", "terminal is gone"],
  ["e2e/suspending", "CONTINUE_WAIT_MS=20_000", "client goes on after Ctrl-Z where"],
  ["fernet_invalid", "MAX_CLOCK_SKEW_SECONDS"],
  ["measured/hostile", "MAX_NOISE_LINES", "relay drops noise"],
  [
    "measured/limits",
    "GUEST_RATE.bytesBurst GUEST_RATE.bytesPerSecond",
    "relay keeps to its times",
  ],
  [
    "measured/limits",
    "GUEST_RATE.linesBurst GUEST_RATE.linesPerSecond",
    "relay keeps to its times",
  ],
  ["programs/health_command", "HEALTH_TIMEOUT_MS"],
  [
    "programs/diagnostics",
    "DIAGNOSTICS_ORDER_MS DIAGNOSTICS_WAIT_MS MAX_WAITING_DIAGNOSTIC_BYTES",
  ],
  ["protocol/control_forms", "MAX_SLOT_CHARS=100"],
  ["protocol/envelope_size", "MAX_PLAINTEXT_BYTES"],
  ["protocol/header", "MAX_KIND_CHARS MAX_PLAINTEXT_BYTES"],
  ["protocol/file_messages", "MAX_OFFERED_NAME_BYTES"],
  ["protocol/invitation_code", "CODE_WORD_COUNT MAX_CODE_CHARS MAX_GUESSES"],
  ["protocol/rekey", "MAX_GENERATION MAX_REKEY_BOXES MAX_REKEY_MEMBERS"],
  ["protocol/nickname", "MAX_COMBINING_MARKS MAX_NICKNAME_BYTES"],
  ["protocol/sequence_window_sequence", "MAX_MISSING_RANGES"],
  ["protocol/wire", "MAX_CONTROL_BYTES MIN_TOKEN_CHARS"],
  [
    "relay/door/arrivals",
    "MAX_ACCEPT_TURNS MAX_SERVED_IF_FULL MAX_SERVED_PER_TURN MAX_UNSERVED",
  ],
  ["relay/door/control_lines", "PROOF_TIMEOUT_MS"],
  ["relay/door/descriptors", "SPARE_DESCRIPTORS"],
  ["relay/door/listen", "MAX_PORTS_TRIED"],
  ["relay/door/listener", "ACCEPT_RECOVERY_MS"],
  ["relay/door/probes", "MAX_REQUEST_LINE_BYTES"],
  ["relay/door/proxies", "MAX_PROXY_HEADERS PROXY_HEADER_MS"],
  ["relay/door/proxy_header", "MAX_PROXY_HEADER_BYTES MAX_TEXT_HEADER_BYTES"],
  ["relay/door/entrance", "MAX_ENTRANCE_PAUSE_MS STRANGERS_BURST STRANGERS_PER_SECOND"],
  ["relay/door/places", "FULL_ROOM_WAIT_MS"],
  ["relay/door/tls_door", "MAX_SHAKING STRANGERS_OF_HANDSHAKE=0 TLS_HANDSHAKE_MS"],
  ["relay/door/waiting_room", "ANSWER_MS CROWD_ANSWER_MS CROWD_SHARE=1 MAX_WAITING"],
  ["relay/turns/guest_turns", "GUESTS_BYTES_PER_SECOND GUESTS_WRITE_BYTES"],
  [
    "relay/turns/member_turns",
    "MEMBER_RESERVE.burst=0 MEMBER_RESERVE.perSecond=0 MEMBERS_RATE.bytesBurst " +
    "MEMBERS_RATE.bytesPerSecond MEMBERS_RATE.linesBurst MEMBERS_RATE.linesPerSecond",
  ],
  ["relay/turns/turns", "TURN_MS"],
  [
    "relay/peer/allowance",
    "GUEST_NETWORK_RATE.bytesBurst GUEST_NETWORK_RATE.bytesPerSecond " +
    "GUEST_NETWORK_RATE.linesBurst GUEST_NETWORK_RATE.linesPerSecond MAX_GUEST_NETWORKS",
  ],
  [
    "relay/door/slot_throttle",
    "MAX_WRONG_SLOTS MAX_WRONG_SLOT_NETWORKS WRONG_SLOT_WINDOW_MS",
  ],
  [
    "relay/door/slots",
    "MAX_ENDED_SLOTS MAX_PASSES MAX_SLOTS MAX_SLOTS_OF_MEMBER MAX_SLOTS_OF_NETWORK SLOT_SECONDS VISIT_MS",
  ],
  [
    "relay/gate",
    "CONGESTED_BYTES CONGESTED_BYTES_PER_PEER FULL_LOG_WAIT_MS=5000 GUEST_FULL_LOG_WAIT_MS=2000 " +
    "MAX_LIGHT_TURN_MS MEASUREMENTS TURN_BYTES WRITE_OVERHEAD_BYTES",
  ],
  [
    "relay/log/backlog",
    "GUEST_BACKLOG_BYTES GUEST_BACKLOG_LINES GUEST_SHARE MAX_BACKLOG_AGE_MS MAX_BACKLOG_BYTES",
  ],
  [
    "relay/log/keeper",
    "CLOCK_JUMP_MS KEEP_DRAIN_MS KEEP_SHARE=0 MAX_DEAD_BYTES MAX_DEAD_MS MAX_KEEP_DELAY_MS=4000",
  ],
  ["relay/log/log", "MAX_SEGMENT_BYTES MAX_SPARE_SEGMENTS"],
  [
    "relay/peer/departure",
    "DRAIN_MS LINGER_MS MAX_LINGER_BYTES=16_777_216 MAX_LINGERING STOP_LINGER_MS",
  ],
  ["relay/peer/intake", "MAX_LINE_BYTES MAX_READ_BUFFER_BYTES=16_777_216 SMALL_READS"],
  ["relay/peer/network", "CUSTOMER_GROUPS"],
  ["relay/peer/peer", "BUSY_BYTES_PER_SECOND HANDSHAKE_LINES RECENT_MS"],
  ["relay/peer/writer", "MAX_CONTROL_WRITE_BYTES MAX_WAITING_ANSWERS MAX_WAITING_NOTICES"],
  [
    "relay/pipes/pipes",
    "DEFAULT_MAX_PIPES MAX_PIPES_OF_NETWORK PIPE_IDLE_MS PIPE_MEETING_MS " +
    "PIPE_BURST_BYTES",
  ],
  ["relay/pipes/turn", "PIPE_TURN_BYTES"],
  ["relay/relay", "HELLO_GRACE_MS SILENT_CLIENT_MS"],
  [
    "relay/room",
    "MAX_UNFILED_BYTES MEMBER_RATE.bytesBurst MEMBER_RATE.bytesPerSecond MEMBER_RATE.linesBurst " +
    "MEMBER_RATE.linesPerSecond",
  ],
  [
    "relay/sweep",
    "DEAD_AFTER_MS GUEST_PROBE_MS PING_AFTER_MS MIN_SLOW_READER_BYTES SLOW_READER_LAG_BYTES " +
    "SLOW_READER_WINDOW_MS STALLED_LAG_BYTES",
  ],
  [
    "relay/watch/event_log",
    "EVENT_LOG_DRAIN_MS=10_000 MAX_EVENT_LINES_PER_SECOND MAX_WAITING_EVENT_LINES",
  ],
  ["relay/watch/http_server", "MAX_HTTP_CONNECTIONS MAX_HTTP_HEAD_BYTES"],
  ["programs/questions", "MAX_PASSPHRASE_BYTES"],
  ["script/confirmations", "MAX_WAITING_REFS"],
  ["script/json_input", "MAX_REF_CHARS"],
  ["script/json_interface", "MAX_JSON_LINE_BYTES"],
  ["script/pipe", "MAX_BATCH_LINES"],
  ["script/typed_interface", "MAX_WAITING_EVENTS"],
  ["storage/admission_file", "MAX_ADMISSION_FILE_BYTES"],
  ["storage/backlog_file", "BACKLOG_LOCK_WAIT_MS=20_000 MAX_BACKLOG_FILE_BYTES"],
  ["storage/certificate_files", "MAX_CERTIFICATE_FILE_BYTES"],
  ["storage/day_keys", "MAX_DAY_KEYS"],
  ["storage/history_file", "MAX_HISTORY_FILE_BYTES"],
  ["storage/identity", "MAX_FILE_BYTES"],
  ["storage/key_file_unsafe", "MAX_ROOM_SECRET_CHARS"],
  ["storage/key_file_unsafe", "NEW_FILE_WAIT_MS", "tells what was done"],
  ["storage/kept/kept_log", "KEPT_BLOCK_BYTES KEPT_SWEEP_MS MAX_UNSAVED_MESSAGES"],
  ["storage/kept/marks", "MAX_KEPT_MARKS"],
  ["storage/kept/tail", "MAX_TAIL_RECORDS"],
  ["storage/part_file", "MAX_SAME_NAMES PART_LOCK_WAIT_MS=20_000 SIDE_FILE_BYTES SIDE_FILE_MS"],
  ["storage/pin_format", "MAX_PINS"],
  ["storage/pins", "MAX_PINS MAX_STATE_FILE_BYTES STATE_SAVE_DELAY_MS"],
  ["storage/private_file", "STALE_TEMPORARY_MS"],
  [
    "storage/seen",
    "FORGET_AFTER_SECONDS MAX_ALL_MISSING_RANGES MAX_CROWD_WINDOWS MAX_LOOKED_AT MAX_WINDOWS " +
    "MAX_WINDOWS_OF_ONE_KEY MIN_WINDOWS_OF_ONE_KEY NEW_RUN_RATE.burst NEW_RUN_RATE.perSecond",
  ],
  ["storage/seen_store", "MAX_CLIENTS_OF_ONE_USER=24 MAX_SEEN_LOG_BYTES OWNER_WAIT_MS=2000"],
  ["storage/new_directory", "STALE_TEMPORARY_MS"],
  ["programs/propose_name", "MARK_CHARS=9"],
  ["storage/rotations", "MAX_ROTATION_FILE_BYTES"],
  ["storage/room_name", "MAX_ROOM_NAME_CHARS"],
  ["storage/rooms", "MAX_ROOMS"],
  ["storage/sealed_identity", "MAX_SEALED_IDENTITY_BYTES"],
  ["storage/settings_file", "MAX_SETTINGS_FILE_BYTES"],
  ["storage/spoiled_text", "EXAMINED_PER_BYTE"],
  ["storage/shared_file", "STATE_LOCK_WAIT_MS"],
  ["terminal/editor/candidates", "GROUP MAX_CANDIDATES"],
  ["terminal/editor/draft", "MAX_UNDOS"],
  ["terminal/editor/history", "MAX_HISTORY_CHARS MAX_HISTORY_EDITS MAX_HISTORY_ENTRIES"],
  ["terminal/editor/kill_ring", "MAX_KILLS"],
  ["terminal/editor/paste_question", "MAX_UNASKED_PASTE_LINES"],
  ["terminal/editor/paths", "MAX_LISTED_FILES=2000"],
  ["terminal/editor/search", "MAX_SEARCH_CHARS"],
  ["terminal/entries", "MAX_WAITING_INPUTS"],
  ["terminal/input/keyboard", "ESCAPE_TIMEOUT_MS PASTE_TIMEOUT_MS"],
  ["terminal/input/paste_reader", "MAX_PASTE_BYTES"],
  ["terminal/input/sequence_reader", "MAX_SEQUENCE_BYTES"],
  ["terminal/screen/cursor_question", "CURSOR_ANSWER_MS"],
  ["terminal/screen/palette", "MIN_CHROMA MIN_CONTRAST"],
  [
    "terminal/screen/print_queue",
    "MAX_LAYOUT_MS MAX_REPAINT_CHARS MAX_REPAINT_ITEMS MAX_UNDRAWN_ITEMS",
  ],
  ["terminal/screen/rows", "MAX_INDENT_SHARE"],
  ["terminal/screen/repaint_pace", "RESIZE_SETTLE_MS"],
  ["terminal/screen/screen", "MAX_MEASUREMENTS=100 MAX_REPAINTS_PER_SECOND", "a "],
  ["terminal/screen/wrap", "MAX_COLUMNS"],
  ["terminal/show/attention", "MAX_ALERTS_PER_SECOND MAX_NOTICE_CHARS=100_000"],
  ["terminal/show/local_time", "MAX_SECONDS"],
  ["terminal/show/remote_text", "MAX_MARKED_BREAKS MAX_SHOWN_BREAKS"],
  ["terminal/show/title", "TITLE_DELAY_MS"],
  ["tls/byte_stream", "MAX_TLS_READ_BYTES"],
  [
    "tls/secure_connection",
    "CLOSE_NOTIFY_MS=20_000 MAX_TLS_UNREAD_BYTES MAX_TLS_WRITE_BYTES",
  ],
  ["text/file_name", "MAX_EXTENSION_BYTES MAX_FILE_NAME_BYTES"],
  ["text/json_text", "MAX_COMBINING_MARKS"],
  ["text/mention", "MAX_MENTION_CHARS"],
  ["text/sanitize", "MAX_COMBINING_MARKS"],
  ["text/spelling", "MAX_COMPARED_NAME_CHARS MAX_MISSPELT_LETTERS"],
];

/** The numbers that are not taken out: a reason, and names in lib/. */
const NOT_COVERED: readonly (readonly [reason: string, names: string])[] = [
  ["a unit", "DAY_MS KIB MIB SECONDS_PER_DAY"],
  [
    "a code of a character, or a table of such codes",
    "BACKSPACE BANG BEL CONTROL_PICTURES CR DEL EQUALS ESC JOINER KEYPAD_CODE LF RECORD_SEPARATOR SPACE " +
    "TAB TILDE TOKEN_HEAD WIDE_RANGES",
  ],
  ["a user of the system", "ROOT_UID"],
  ["a part of a header's byte", "LOCAL PROXIED STREAM"],
  ["a version", "JSON_VERSION PROTOCOL_VERSION VERSION"],
  [
    "permissions of a file",
    "GROUP_AND_OTHERS GROUP_OR_OTHERS_WRITE GROUP_WRITE_AND_OTHERS OTHERS_WRITE OWNER_ONLY " +
    "OWNER_ONLY_DIRECTORY PERMISSIONS STICKY TAKEN_MODE",
  ],
  ["a bit of a key's modifiers", "ALT CTRL FOREIGN META SHIFT"],
  ["a code that a program exits with", "EXIT"],
  ["a part of a palette", "FIRST_INDEX LEVELS"],
  [
    "a size that an algorithm or a format has",
    "BOX_BYTES CHAIN_BYTES SEALED_CHAIN_BYTES TAG_BYTES KEY_CHARS MAX_DAY_KEYS_BYTES HANDOVER_BYTES HEAD_CHARS MARK_BYTES MAX_LINE_CHARS NUMBER_BYTES SECOND_FORM_BYTES " +
    "FILE_HASH_BYTES FILE_ID_BYTES FRAME_BYTES FRAME_TAG_BYTES ROLES TRANSFER_KEY_BYTES " +
    "ADDRESS_BYTES AGREEMENT_BYTES BLOCK_BYTES BLOCK_SIZE BOX_NONCE_BYTES BOX_OVERHEAD_BYTES " +
    "BYTES_PER_COST CLIENT_NONCE_BYTES CONFIRMATION_BYTES COORDINATE_BYTES DERIVED_BYTES " +
    "EPOCH_BYTES FINGERPRINT_GROUPS FIXED_BYTES GROUP_BYTES GROUP_VALUES HASH_BLOCK_BYTES HASH_BYTES " +
    "ENDS HEAD_BYTES INTRODUCTION_BYTES KEY_BYTES LENGTH_BYTES LONG_LENGTH MAC_BYTES " +
    "MAX_RECORD_HEAD_BYTES MEMBER_GROUPS MOUSE_BYTES NAME_BYTES NONCE_BYTES " +
    "OVERHEAD_BYTES PADDING_STEP_BYTES PIPE_NAME_BYTES POLYNOMIAL PUBLIC_KEY_BYTES SEALED_BYTES " +
    "DNS_NAME MORE VERSION_3 " +
    "ROOM_ID_BYTES SALT_BYTES SECRET_BYTES SEED_BYTES SERVER_NONCE_BYTES SIGNATURE_BYTES " +
    "MIN_BOX_BYTES SALT_CHARS SEALED_BYTES SIGNATURE_CHARS SLOT_BYTES SMALL_PLAINTEXT_BYTES TOKEN_OVERHEAD_BYTES UINT16_VALUES",
  ],
  [
    "where text stands on a screen",
    "BORDER_MODULES NOTICE_PREFIX_COLUMNS COMMENT_COLUMN FALLBACK SMALL_INDENT USAGE_COLUMNS",
  ],
  [
    "the first size of a buffer, or that of each read",
    "BATCH_FRAMES FILE_READ_BYTES PART_READ_BYTES PIPE_BUFFER_BYTES TRANSFER_BATCH_BYTES " +
    "MIN_TLS_READ_BYTES " +
    "FIRST_SIZE NATS_READ_BYTES JOIN_READ_BYTES MIN_READ_BUFFER_BYTES MIN_SEGMENT_BYTES READ_BUFFER_BYTES READ_BYTES " +
    "TTY_READ_BYTES",
  ],
  [
    "how often something is done",
    "GATHERING_CHECK_MS MAX_RETRY_MS MIN_RETRY_MS FILE_TICK_MS LOOK_MS SAVE_DELAY_MS NO_PIPE_WAIT_MS TICKS_PER_REPORT " +
    "ACCEPT_RETRY_MS HEALTH_RETRY_MS CONGESTION_CHECK_MS ENTRANCE_CHECK_MS EVENT_LOOP_SAMPLE_MS EVENT_LOOP_WINDOW_SECONDS " +
    "KEEP_DELAY_MS KEEP_RETRY_MS KEPT_SAVE_MS " +
    "MAX_PATIENCE_MS MAX_PAUSE_MS MIN_PATIENCE_MS NEW_FILE_CHECK_MS SEEN_SAVE_MS SESSION_TICK_MS " +
    "SWEEP_MS",
  ],
  ["worked out from a limit that is covered", "BURST_MS MS_PER_STRANGER REPAINT_MS"],
  [
    "what holds where the user sets nothing else",
    "ROTATE_BACKLOG LOOK_BACK_TOKENS MISSED_BACKLOG USUAL_REPLICAS BOT_RECONNECT_MS DEFAULT_BACKLOG_REQUEST SCRYPT_COST PIPE_RECONNECT_MS TERMINAL_RECONNECT_MS",
  ],
  [
    "a moment that trades comfort, and loses nothing",
    "KNOCK_AGAIN_MS RESUME_MS LEFT_OUT_NOTICE_MS MEETING_MS PIPE_QUIET_MS SIGNAL_ECHO_MS WELCOME_NAMES_MS",
  ],
  [
    "a wait that no test sees run out, or a queue that none fills",
    "LIVE_WAIT_MS MAX_CATCH_UP_MS MAX_GATHERING_MS MAX_DIRECTORY_TRIES CLOSE_MS MAX_REPLICAS NATS_CONNECT_MS NATS_PING_MS MAX_PIPE_TRIES MAX_SIDE_FILE_BYTES PIPE_JOIN_MS PIPE_STALL_MS " +
    "BOT_GOODBYE_MS GOODBYE_MS MAX_HTTP_MS MAX_INVITER_MESSAGES MAX_UNREAD_EVENTS RESTORE_MS STOPPED_MS WRITE_NOW_MS",
  ],
  [
    "a count of which more takes time, and changes nothing else",
    "MIN_READ_BACK READ_BACK_FACTOR CALM_TURNS MAX_ACCEPT_STEPS MAX_BLOCKS_AT_ONCE",
  ],
  ["a bound on what has run out before the bound is reached", "MAX_ASKED_WRITERS"],
  ["kept by the kernel", "TCP_BACKLOG"],
  [
    "a flag of deno.json, with which tests/limits_test.ts compares it",
    "HEAP_GROWING_PERCENT MAX_SEMI_SPACE_MIB",
  ],
];

export const CASES: readonly Case[] = COVERED.map(([test, limits, filter]) => ({
  test: `tests/${test}_test.ts`,
  filter,
  limits: limits.split(" ").map(toMissing),
}));

export const LEFT_OUT: readonly LeftOut[] = NOT_COVERED.map(([reason, names]) => ({
  reason,
  names: names.split(" "),
}));

/** Without a value of its own: a least number is 0, a time the longest of timers, others endless. */
function toMissing(limit: string): MissingLimit {
  const [name, value] = limit.split("=") as [string, string?];
  const most = name.endsWith("_MS") ? "2 ** 31 - 1" : "Number.MAX_SAFE_INTEGER";
  return { name, value: value ?? (name.startsWith("MIN_") ? "0" : most) };
}
