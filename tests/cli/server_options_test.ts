import assert from "node:assert/strict";
import { parseServerOptions } from "../../lib/cli/server_options.ts";
import { VERSION } from "../../lib/version.ts";

function parse(args: string[], env: Record<string, string> = {}) {
  return parseServerOptions(args, (name) => env[name]);
}

function assertUsageError(args: string[], message: string, hint: string): void {
  assert.throws(() => parse(args), { name: "UsageError", message, hint }, JSON.stringify(args));
}

function pureTest(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

pureTest("parseServerOptions() needs no more than address and port", () => {
  assert.deepEqual(parse(["0.0.0.0", "5050"]), {
    address: { hostname: "0.0.0.0", port: 5050 },
    keyPath: "secret.key",
    maxClients: 100,
  });
});

pureTest("parseServerOptions() takes an address without its brackets and port 0", () => {
  for (const hostname of ["[::1]", "::1"]) {
    assert.deepEqual(parse([hostname, "0", "--key", "/k", "--max-clients", "7"]), {
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
  assert.equal(parse(["--version"]), `chat-server ${VERSION}`);
  const help = parse(["--help"]);
  assert.ok(typeof help === "string");
  assert.match(help, /^Usage: chat-server <ip> <port> \[options\]$/m);
  for (const option of ["-k, --key PATH", "--max-clients N", "-h, --help", "-V, --version"]) {
    assert.ok(help.includes(option), option);
  }
});
