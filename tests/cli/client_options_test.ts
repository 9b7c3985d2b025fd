import assert from "node:assert/strict";
import { type ClientOptions, parseClientOptions } from "../../lib/cli/client_options.ts";
import { formatVersion } from "../../lib/version.ts";
import { pureTest } from "../support/pure.ts";

const ADDRESS = ["127.0.0.1", "5050"];
const PATH = "/home/a/config.json";

function parse(args: string[], env: Record<string, string> = {}) {
  return parseClientOptions(args, (name) => env[name]);
}

function nicknameOf(args: string[], env: Record<string, string>): string {
  const options = parse([...ADDRESS, ...args], env);
  assert.ok(typeof options !== "string");
  return options.nickname;
}

function assertUsageError(args: string[], message: string, hint: string, env = {}): void {
  assert.throws(() => parse(args, env), { name: "UsageError", message, hint });
}

pureTest("parseClientOptions() needs no more than address and port", () => {
  assert.deepEqual(parse(ADDRESS), {
    address: { hostname: "127.0.0.1", port: 5050 },
    others: [],
    tls: undefined,
    room: undefined,
    keyPath: "secret.key",
    nickname: "guest",
    isNicknameChosen: false,
    send: undefined,
    stay: false,
    json: false,
    plain: false,
    hasCommands: true,
    ephemeral: false,
    identityPath: undefined,
    backlog: undefined,
    reconnectMs: undefined,
    history: false,
    keepDays: undefined,
    color: "auto",
    bell: "mention",
    notify: false,
    timestamps: true,
  });
});

pureTest("parseClientOptions() takes every option", () => {
  const member = ["--identity", "i", "--backlog=20", "--reconnect", "7", "--keep", "30"];
  const switches = ["--stay", "--plain", "--no-commands", "--json", "--notify", "--history"];
  const shown = ["--no-timestamps", "--color=never", "--bell", "off"];
  const tls = ["--tls", "--tls-name", "chat.example.org", "--tls-ca=ca.pem"];
  const rest = [...member, ...switches, ...shown, ...tls];
  const args = ["-n", "alice", "[::1]", "80", "--key=../k", ...rest];
  assert.deepEqual(parse(args), {
    address: { hostname: "::1", port: 80 },
    others: [],
    tls: { name: "chat.example.org", authoritiesPath: "ca.pem" },
    room: undefined,
    keyPath: "../k",
    nickname: "alice",
    isNicknameChosen: true,
    send: undefined,
    stay: true,
    json: true,
    plain: true,
    hasCommands: false,
    ephemeral: false,
    identityPath: "i",
    backlog: 20,
    reconnectMs: 7000,
    history: true,
    keepDays: 30,
    color: "never",
    bell: "off",
    notify: true,
    timestamps: false,
  });
});

pureTest("parseClientOptions() takes an identity from one place alone", () => {
  const options = parse([...ADDRESS, "--ephemeral"]);
  assert.ok(typeof options !== "string");
  assert.equal(options.ephemeral, true);
  assert.throws(() => parse([...ADDRESS, "--ephemeral", "--identity=i"]), {
    name: "UsageError",
    message: "Options --ephemeral and --identity exclude each other",
  });
});

pureTest("parseClientOptions() takes numbers from 0 to their limits", () => {
  const read = {
    backlog: ({ backlog }) => backlog,
    reconnect: ({ reconnectMs }) => reconnectMs! / 1000,
    keep: ({ keepDays }) => keepDays,
  } satisfies Record<string, (options: ClientOptions) => number | undefined>;
  const most = { backlog: 10_000, reconnect: 604_800, keep: 3650 };
  for (const [name, max] of Object.entries(most) as [keyof typeof most, number][]) {
    for (const value of ["0", String(max)]) {
      const options = parse([...ADDRESS, `--${name}=${value}`]);
      assert.ok(typeof options !== "string");
      assert.equal(read[name](options), +value);
    }
    for (const value of [String(max + 1), "-1", "1.5", "1e3", "", "ten"]) {
      assert.throws(() => parse([...ADDRESS, `--${name}=${value}`]), { name: "UsageError" });
    }
  }
});

pureTest("parseClientOptions() takes the key's path from --key, CHAT_KEY, default", () => {
  const cases: [string[], Record<string, string>, string][] = [
    [[], { CHAT_KEY: "" }, "secret.key"],
    [[], { CHAT_KEY: "env.key" }, "env.key"],
    [["-k", "a.key"], { CHAT_KEY: "env.key" }, "a.key"],
  ];
  for (const [args, env, keyPath] of cases) {
    const options = parse([...ADDRESS, ...args], env);
    assert.ok(typeof options !== "string");
    assert.equal(options.keyPath, keyPath);
  }
});

pureTest("parseClientOptions() takes the nickname from the first source that has one", () => {
  const env = { CHAT_NICK: "chat", USER: "user", USERNAME: "username" };
  assert.equal(nicknameOf(["--nick", "nick"], env), "nick");
  assert.equal(nicknameOf([], env), "chat");
  assert.equal(nicknameOf([], { ...env, CHAT_NICK: "" }), "user");
  assert.equal(nicknameOf([], { USERNAME: "username" }), "username");
  assert.equal(nicknameOf([], { USER: "", USERNAME: "username" }), "username");
  assert.equal(nicknameOf([], { USER: "", USERNAME: "" }), "guest");
});

pureTest("parseClientOptions() returns the nickname in NFC", () => {
  assert.equal(nicknameOf(["--nick", "Zoe\u0308"], {}), "Zo\u00eb");
  assert.equal(nicknameOf([], { USER: "Zoe\u0308" }), "Zo\u00eb");
});

pureTest("parseClientOptions() refuses a nickname that was asked for and is none", () => {
  const hint = "Choose one with --nick NAME.";
  const bad = "Cannot use nickname: it has a space, <, > or an invisible character";
  const long = "Cannot use nickname: 33 bytes instead of 1 to 32";
  for (const [nick, message] of [["a b", bad], ["<a>", bad], ["a".repeat(33), long]] as const) {
    assertUsageError([...ADDRESS, `--nick=${nick}`], message, hint);
    assertUsageError(ADDRESS, message, hint, { CHAT_NICK: nick });
  }
});

pureTest("parseClientOptions() calls a user whose login name is no nickname guest", () => {
  for (const name of ["Jane Doe", "DOMAIN>jane", "a".repeat(33), "\u200b"]) {
    assert.equal(nicknameOf([], { USER: name }), "guest");
    assert.equal(nicknameOf([], { USERNAME: name }), "guest");
  }
});

pureTest("parseClientOptions() refuses a bad address, port or command line", () => {
  const usage = "Usage: chat-client <ip> <port> [options]";
  assertUsageError([], "Missing argument: <ip>", usage);
  assertUsageError(["127.0.0.1"], "Missing argument: <port>", usage);
  assertUsageError([...ADDRESS, "hello"], "Too many arguments", usage);
  assertUsageError([...ADDRESS, "--nope"], "Unknown option: --nope", "See chat-client --help.");
  assertUsageError(
    ["127.0.0.1:5050", "1"],
    'Not an address: "127.0.0.1:5050"',
    "Use an IPv4 or IPv6 address or a host name, such as 127.0.0.1.",
  );
  assertUsageError(
    ["127.0.0.1", "0"],
    "Port 0 cannot be connected to",
    "The server prints its port.",
  );
});

pureTest("parseClientOptions() gives help and version as text", () => {
  assert.equal(parse(["--version"]), formatVersion("chat-client"));
  const help = parse(["--help"]);
  assert.ok(typeof help === "string");
  assert.match(help, /^Usage: chat-client <ip> <port> \[options\]$/m);
  for (const option of ["-k, --key PATH", "-n, --nick NAME", "--stay", "-h, --help"]) {
    assert.ok(help.includes(option), option);
  }
});

pureTest("parseClientOptions() needs no arguments where settings name the server", () => {
  const parse = (
    args: string[],
    values: Record<string, unknown>,
    env: Record<string, string> = {},
  ) => {
    const options = parseClientOptions(args, (name) => env[name], { path: PATH, values });
    assert.ok(typeof options !== "string");
    return options.address;
  };
  const values = { ip: "[::1]", port: 5050 };
  assert.deepEqual(parse([], values), { hostname: "::1", port: 5050 });
  assert.deepEqual(parse([], values, { CHAT_PORT: "6000" }), { hostname: "::1", port: 6000 });
  assert.deepEqual(parse(["a", "80"], values), { hostname: "a", port: 80 });
  assert.throws(() => parse([], { ip: "::1" }), { message: "Missing argument: <port>" });
  assert.throws(() => parse(["a"], values), { message: 'There is no room called "a"' });
  assert.throws(() => parse([], { ip: "a b", port: 1 }), { message: 'Not an address: "a b"' });
});

pureTest("parseClientOptions() says where a nickname is to be corrected", () => {
  const file = { path: PATH, values: { nick: "a b" } };
  assert.throws(() => parseClientOptions(["a", "80"], () => undefined, file), {
    message: "Cannot use nickname: it has a space, <, > or an invisible character",
    hint: `Correct the setting nick in ${PATH}.`,
  });
});
