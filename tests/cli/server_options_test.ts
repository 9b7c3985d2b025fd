import assert from "node:assert/strict";
import { parseServerOptions, type ServerOptions } from "../../lib/cli/server_options.ts";
import { SERVER_SPEC } from "../../lib/cli/server_spec.ts";
import { formatVersion } from "../../lib/version.ts";
import { pureTest } from "../support/pure.ts";

function parse(args: string[], env: Record<string, string> = {}) {
  return parseServerOptions(args, (name) => env[name]);
}

function assertUsageError(args: string[], message: string, hint: string): void {
  assert.throws(() => parse(args), { name: "UsageError", message, hint }, JSON.stringify(args));
}

const DEFAULTS = {
  address: { hostname: "127.0.0.1", port: 5050 },
  tls: undefined,
  keyPath: "secret.key",
  keylessPath: undefined,
  mode: "open",
  invites: true,
  backlogLines: 200,
  backlogPath: undefined,
  maxClients: 100,
  maxPipes: 16,
  pipeBytesPerSecond: 32 * 1024 * 1024,
  rateLimit: true,
  maxLogBytes: 64 * 1024 * 1024,
  lineTimeoutMs: 15_000,
  proxyNetworks: undefined,
  metrics: undefined,
  cluster: undefined,
  log: { format: "text", level: "info", addresses: true },
};

pureTest("parseServerOptions() needs no more than address and port", () => {
  assert.deepEqual(parse(["127.0.0.1", "5050"]), DEFAULTS);
});

pureTest("parseServerOptions() takes an address without its brackets and port 0", () => {
  for (const hostname of ["[::1]", "::1"]) {
    assert.deepEqual(parse([hostname, "0", "--key", "/k", "--max-clients", "7"]), {
      ...DEFAULTS,
      address: { hostname: "::1", port: 0 },
      keyPath: "/k",
      maxClients: 7,
    });
  }
});

pureTest("parseServerOptions() takes the key's path from --key, CHAT_KEY, default", () => {
  const cases: [string[], Record<string, string>, string][] = [
    [[], {}, "secret.key"],
    [[], { CHAT_KEY: "" }, "secret.key"],
    [[], { CHAT_KEY: "env.key" }, "env.key"],
    [["--key", "a.key"], { CHAT_KEY: "env.key" }, "a.key"],
    [["-k", "007"], {}, "007"],
  ];
  for (const [args, env, keyPath] of cases) {
    const options = parse(["127.0.0.1", "5050", ...args], env);
    assert.ok(typeof options !== "string");
    assert.equal(options.keyPath, keyPath);
  }
});

pureTest("parseServerOptions() asks the environment for nothing but CHAT_KEY", () => {
  const asked = new Set<string>();
  parseServerOptions(["127.0.0.1", "5050"], (name) => void asked.add(name));
  assert.deepEqual([...asked], ["CHAT_KEY"]);
});

pureTest("parseServerOptions() takes 1 to 100000 clients", () => {
  for (const count of [1, 2, 100, 99_999, 100_000]) {
    const options = parse(["127.0.0.1", "5050", "--max-clients", String(count)]);
    assert.ok(typeof options !== "string");
    assert.equal(options.maxClients, count);
  }
});

pureTest("parseServerOptions() refuses any other number of clients", () => {
  const junk = ["0", "100001", "-1", "+1", "1.0", "1e2", "0x10", " 1", "1 ", "１", "many", "NaN"];
  for (const text of [...junk, "9".repeat(400), "Infinity", "1\n"]) {
    assertUsageError(
      ["127.0.0.1", "5050", `--max-clients=${text}`],
      `Option --max-clients cannot be ${JSON.stringify(text)}`,
      "Use a whole number from 1 to 100000.",
    );
  }
});

pureTest("parseServerOptions() takes each option by itself", () => {
  const { log } = DEFAULTS;
  const cases: [string[], Partial<ServerOptions>][] = [
    [["--keyless", "a.pub"], { keylessPath: "a.pub" }],
    [["--tls-port", "0"], { tls: { port: 0, files: undefined } }],
    [["--tls-port=65535", "--tls-cert", "c", "--tls-key", "k"], {
      tls: { port: 65_535, files: { certificate: "c", key: "k" } },
    }],
    [["--members-only"], { mode: "members" }],
    [["--no-invites"], { invites: false }],
    [["--backlog-lines", "0"], { backlogLines: 0 }],
    [["--backlog-file", "kept"], { backlogPath: "kept" }],
    [["--backlog-lines", "10000"], { backlogLines: 10_000 }],
    [["--max-pipes", "0"], { maxPipes: 0 }],
    [["--max-pipes", "1000"], { maxPipes: 1000 }],
    [["--pipe-rate", "1"], { pipeBytesPerSecond: 1024 * 1024 }],
    [["--pipe-rate", "1024"], { pipeBytesPerSecond: 1024 * 1024 * 1024 }],
    [["--no-rate-limit"], { rateLimit: false }],
    [["--max-log", "16"], { maxLogBytes: 16 * 1024 * 1024 }],
    [["--max-log=1024"], { maxLogBytes: 1024 * 1024 * 1024 }],
    [["--line-timeout", "1"], { lineTimeoutMs: 1000 }],
    [["--line-timeout", "3600"], { lineTimeoutMs: 3_600_000 }],
    [["--proxy-protocol", "::1"], { proxyNetworks: [{ hostname: "::1", bits: 128 }] }],
    [["--log", "json"], { log: { ...log, format: "json" } as ServerOptions["log"] }],
    [["--log", "text"], {}],
    [["--no-log-addresses"], { log: { ...log, addresses: false } as ServerOptions["log"] }],
  ];
  for (const level of ["error", "warn", "info", "debug"] as const) {
    cases.push([["--log-level", level], { log: { ...log, level } as ServerOptions["log"] }]);
  }
  for (const [args, expected] of cases) {
    assert.deepEqual(parse(["127.0.0.1", "5050", ...args]), { ...DEFAULTS, ...expected });
    assert.deepEqual(parse([...args, "127.0.0.1", "5050"]), { ...DEFAULTS, ...expected });
  }
});

pureTest("parseServerOptions() takes all that a certificate needs, or nothing of it", () => {
  const cases: [string[], string][] = [
    [["--tls-port", "0", "--tls-cert", "c"], "Option --tls-cert needs --tls-key"],
    [["--tls-port", "0", "--tls-key", "k"], "Option --tls-key needs --tls-cert"],
    [["--tls-cert", "c", "--tls-key", "k"], "Option --tls-cert needs --tls-port"],
    [["--tls-port", "x"], 'Not a port: "x"'],
    [["--tls-port", "80"], "Port 80 is reserved: ports below 1024 belong to the system"],
  ];
  for (const [args, message] of cases) {
    assert.throws(() => parse(["::1", "5050", ...args]), { name: "UsageError", message });
  }
});

pureTest("parseServerOptions() takes host and port of --metrics", () => {
  const cases: [string, string, number][] = [
    ["127.0.0.1:9464", "127.0.0.1", 9464],
    ["[::1]:9464", "::1", 9464],
    ["[::]:0", "::", 0],
    ["localhost:65535", "localhost", 65_535],
  ];
  for (const [text, hostname, port] of cases) {
    const expected = { ...DEFAULTS, metrics: { hostname, port } };
    assert.deepEqual(parse(["127.0.0.1", "5050", "--metrics", text]), expected);
  }
});

pureTest("parseServerOptions() refuses any other --metrics", () => {
  const hint = "Use an address and a port, such as 127.0.0.1:9464 or [::1]:9464.";
  const shapeless = ["9464", "127.0.0.1", ":9464", "127.0.0.1:", "::1", "::1:9464", "[::1]"];
  for (const text of [...shapeless, "http://127.0.0.1:9464", "127.0.0.1:9464\n:1"]) {
    assertUsageError(
      ["127.0.0.1", "5050", `--metrics=${text}`],
      `Option --metrics cannot be ${JSON.stringify(text)}`,
      hint,
    );
  }
  for (const text of ["256.0.0.1:9464", "[]:9464", "[127.0.0.1]:9464", " 127.0.0.1:9464"]) {
    assert.throws(() => parse(["127.0.0.1", "5050", `--metrics=${text}`]), /Not an address: /);
  }
  for (const text of ["127.0.0.1:80", "127.0.0.1:65536", "127.0.0.1:9464/", "[::1]:http"]) {
    assert.throws(() => parse(["127.0.0.1", "5050", `--metrics=${text}`]), { name: "UsageError" });
  }
});

pureTest("parseServerOptions() refuses numbers and words out of range", () => {
  const cases: [string, string[], string][] = [
    ["backlog-lines", ["-1", "10001", "all"], "Use a whole number from 0 to 10000."],
    ["max-pipes", ["1001", "-1", "no"], "Use a whole number from 0 to 1000."],
    ["pipe-rate", ["0", "1025", "fast"], "Use a whole number from 1 to 1024."],
    ["max-log", ["15", "1025", "64MiB", "-1"], "Use a whole number from 16 to 1024."],
    ["line-timeout", ["0", "3601", "1.5", "15s"], "Use a whole number from 1 to 3600."],
    ["log", ["xml", "JSON", "text "], "Use one of: text, json."],
    ["log-level", ["trace", "Info", "constructor"], "Use one of: error, warn, info, debug."],
  ];
  for (const [name, texts, hint] of cases) {
    for (const text of texts) {
      const message = `Option --${name} cannot be ${JSON.stringify(text)}`;
      assertUsageError(["127.0.0.1", "5050", `--${name}=${text}`], message, hint);
    }
  }
  for (const name of ["no-rate-limit", "members-only", "no-invites", "no-log-addresses"]) {
    const args = ["127.0.0.1", "5050", `--${name}=true`];
    assertUsageError(args, `Option --${name} takes no value`, "See chat-server --help.");
  }
});

pureTest("parseServerOptions() takes a key or none, and CHAT_KEY is no choice", () => {
  assertUsageError(
    ["127.0.0.1", "5050", "--keyless", "a.pub", "--key", "secret.key"],
    "Options --key and --keyless exclude each other",
    "With --keyless the server never opens a key file: leave --key away.",
  );
  const options = parse(["127.0.0.1", "5050", "--keyless", "a.pub"], { CHAT_KEY: "env.key" });
  assert.ok(typeof options !== "string");
  assert.equal(options.keylessPath, "a.pub");
});

pureTest("parseServerOptions() refuses a bad address, port or command line", () => {
  const usage = "Usage: chat-server <ip> <port> [options]";
  assertUsageError([], "Missing argument: <ip>", usage);
  assertUsageError(["127.0.0.1"], "Missing argument: <port>", usage);
  assertUsageError(["127.0.0.1", "5050", "x"], "Too many arguments", usage);
  assertUsageError(
    ["127.0.0.1", "5050", "--nope"],
    "Unknown option: --nope",
    "See chat-server --help.",
  );
  assertUsageError(
    ["127.0.0.256", "5050"],
    'Not an address: "127.0.0.256"',
    "Use an IPv4 or IPv6 address or a host name, such as 127.0.0.1.",
  );
  assertUsageError(
    ["127.0.0.1", "1023"],
    "Port 1023 is reserved: ports below 1024 belong to the system",
    "Choose a port from 1024 to 65535, or 0 for any free one.",
  );
  assertUsageError(
    ["127.0.0.1", "65536"],
    'Not a port: "65536"',
    "Use a whole number up to 65535.",
  );
});

pureTest("parseServerOptions() gives help and version as text", () => {
  assert.equal(parse(["--version"]), formatVersion("chat-server"));
  const help = parse(["--help"]);
  assert.ok(typeof help === "string");
  assert.match(help, /^Usage: chat-server <ip> <port> \[options\]$/m);
  for (const option of ["-k, --key PATH", "-h, --help", "-V, --version"]) {
    assert.ok(help.includes(option), option);
  }
  for (const { name, value } of SERVER_SPEC.options) {
    assert.match(help, new RegExp(`--${name}${value ? ` ${value}` : ""}  +\\S`));
  }
  for (const line of help.split("\n")) assert.ok(line.length <= 80, line);
});
