/**
 * Takes each limit out in turn and shows that a test turns red for it:
 * `deno task without-limits`.
 *
 * @module
 */

/** A limit, how it is taken out, and the tests that must notice. */
interface Case {
  readonly limit: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly tests: string;
  readonly filter?: string;
}

const CASES: readonly Case[] = [
  {
    limit: "line length, without LF",
    file: "lib/relay/intake.ts",
    from: "unfinished > MAX_LINE_BYTES + 1",
    to: "false",
    tests: "tests/relay/intake_test.ts",
  },
  {
    limit: "line length, with LF",
    file: "lib/relay/intake.ts",
    from: "lineEnd - lineStart > MAX_LINE_BYTES",
    to: "false",
    tests: "tests/relay/intake_test.ts",
  },
  {
    limit: "length of control lines",
    file: "lib/wire.ts",
    from: "end - start > MAX_CONTROL_BYTES",
    to: "false",
    tests: "tests/wire_test.ts",
  },
  {
    limit: "noise",
    file: "lib/relay/peer.ts",
    from: "this.#noiseLines >= MAX_NOISE_LINES",
    to: "false",
    tests: "tests/e2e/hostile_test.ts",
    filter: "relay drops noise",
  },
  {
    limit: "time of an unfinished line",
    file: "lib/relay/sweep.ts",
    from: "now - peer.lineBegunAt > this.#lineTimeoutMs",
    to: "false",
    tests: "tests/relay/sweep_test.ts",
  },
  {
    limit: "the sweep itself",
    file: "lib/relay/relay.ts",
    from: "if (reason) peer.expel(reason);",
    to: "",
    tests: "tests/e2e/limits_test.ts",
    filter: "relay closes on a line that is begun",
  },
  {
    limit: "slow readers",
    file: "lib/relay/sweep.ts",
    from: "peer.bytesOut - window.bytesOut < seconds * SLOW_READER_BYTES_PER_SECOND",
    to: "false",
    tests: "tests/relay/sweep_test.ts",
  },
  {
    limit: "lines a second",
    file: "lib/relay/rate.ts",
    from: "-this.#lines / linesPerSecond, ",
    to: "",
    tests: "tests/relay/rate_test.ts",
  },
  {
    limit: "bytes a second",
    file: "lib/relay/rate.ts",
    from: "-this.#bytes / bytesPerSecond, ",
    to: "",
    tests: "tests/relay/rate_test.ts",
  },
  {
    limit: "rates at all",
    file: "lib/relay/peer.ts",
    from: "if (wait > 0) {",
    to: "if (wait < 0) {",
    tests: "tests/e2e/limits_test.ts",
    filter: "relay slows a guest down",
  },
  {
    limit: "a full log",
    file: "lib/relay/gate.ts",
    from: "return this.#log.heldBytes > this.#maxLogBytes;",
    to: "return false;",
    tests: "tests/relay/gate_test.ts",
  },
  {
    limit: "a guest's time to leave a full log",
    file: "lib/relay/gate.ts",
    from: 'peer.peerClass === "guest" ? GUEST_FULL_LOG_WAIT_MS : FULL_LOG_WAIT_MS',
    to: "FULL_LOG_WAIT_MS",
    tests: "tests/relay/gate_test.ts",
  },
  {
    limit: "segments kept to be filled again",
    file: "lib/relay/log.ts",
    from: "this.#spare.length < MAX_SPARE_SEGMENTS",
    to: "true",
    tests: "tests/relay/log_test.ts",
  },
  {
    limit: "the engine's young generation",
    file: "deno.json",
    from: " --v8-flags=--max-semi-space-size=4",
    to: "",
    tests: "tests/limits_test.ts",
  },
  {
    limit: "congestion",
    file: "lib/relay/gate.ts",
    from: "this.#isCongested || ",
    to: "",
    tests: "tests/relay/gate_test.ts",
  },
  {
    limit: "bytes in one turn",
    file: "lib/relay/gate.ts",
    from: "return this.#turnBytes > TURN_BYTES;",
    to: "return false;",
    tests: "tests/relay/gate_test.ts",
  },
  {
    limit: "clients",
    file: "lib/relay/relay.ts",
    from: "this.#places >= this.#options.maxClients",
    to: "false",
    tests: "tests/e2e/relay_test.ts",
    filter: "relay passes 50 tokens",
  },
  {
    limit: "the pause after a failed accept",
    file: "lib/relay/relay.ts",
    from: "if (isClientGone(error)) continue;",
    to: "",
    tests: "tests/e2e/fault_test.ts",
    filter: "relay is not held up",
  },
  {
    limit: "time to drain",
    file: "lib/relay/peer.ts",
    from: "const timer = setTimeout(resolve, maxMs);",
    to: "const timer = setTimeout(resolve, 2 ** 30);",
    tests: "tests/e2e/limits_test.ts",
    filter: "relay waits 2 s",
  },
  {
    limit: "log lines a second",
    file: "lib/limits.ts",
    from: "MAX_EVENT_LINES_PER_SECOND = 50",
    to: "MAX_EVENT_LINES_PER_SECOND = 50_000",
    tests: "tests/relay/event_log_test.ts",
  },
  {
    limit: "length of a text",
    file: "lib/client/conversation.ts",
    from: "return bytes <= MAX_TEXT_BYTES;",
    to: "return true;",
    tests: "tests/client/conversation_test.ts",
  },
  {
    limit: "length of a state file that is read",
    file: "lib/shared_file.ts",
    from: "size > this.#options.maxBytes",
    to: "false",
    tests: "tests/shared_file_test.ts",
    filter: "sets a damaged file aside",
  },
  {
    limit: "length of a state file that is written",
    file: "lib/shared_file.ts",
    from: "bytes > maxBytes",
    to: "false",
    tests: "tests/shared_file_test.ts",
    filter: "nothing longer than it would read",
  },
  {
    limit: "pinned nicknames",
    file: "lib/pins.ts",
    from: "this.#file.value.size >= MAX_PINS",
    to: "false",
    tests: "tests/pins_test.ts",
  },
  {
    limit: "pins of two clients together",
    file: "lib/pin_format.ts",
    from: "if (pins.size <= MAX_PINS) return;",
    to: "return;",
    tests: "tests/pin_format_test.ts",
  },
  {
    limit: "windows of senders",
    file: "lib/seen.ts",
    from: "if (windows.size <= MAX_WINDOWS) return;",
    to: "return;",
    tests: "tests/seen_test.ts",
  },
  {
    limit: "ranges missing in a window",
    file: "lib/sequence_window.ts",
    from: "missing.length - MAX_MISSING_RANGES",
    to: "0",
    tests: "tests/sequence_window_test.ts",
  },
];

const root = Deno.cwd();
const copy = await Deno.makeTempDir({ prefix: "chat-limits-" });
let survivors = 0;
try {
  const files = ["deno.json", "server.ts", "client.ts", "lib", "offline", "tests", "tools"];
  await new Deno.Command("cp", { args: ["-r", ...files, copy] }).output();
  for (const { limit, file, from, to, tests, filter } of CASES) {
    const original = await Deno.readTextFile(`${root}/${file}`);
    if (!original.includes(from)) throw new Error(`Cannot take out ${limit}: ${file} has changed`);
    await Deno.writeTextFile(`${copy}/${file}`, original.replace(from, to));
    const flags = ["--no-prompt", "--no-check", "--allow-net", "--allow-read", "--allow-write"];
    flags.push("--allow-run", "--allow-env", "--allow-sys", ...filter ? ["--filter", filter] : []);
    const args = ["test", "-q", ...Deno.args, ...flags, tests];
    const command = new Deno.Command(Deno.execPath(), { args, cwd: copy, stdin: "null" });
    const { success } = await command.output();
    if (success) survivors++;
    console.log(`${success ? "NOT NOTICED" : "noticed"}  without ${limit}: ${tests}`);
    await Deno.writeTextFile(`${copy}/${file}`, original);
  }
} finally {
  await Deno.remove(copy, { recursive: true });
}
console.log(`${CASES.length - survivors} of ${CASES.length} noticed`);
if (survivors > 0) Deno.exit(1);
