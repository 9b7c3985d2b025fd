import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { encrypt, generateKey, importKey } from "../lib/fernet.ts";
import * as chat from "../lib/chat/limits.ts";
import * as address from "../lib/cli/address.ts";
import * as serverSpec from "../lib/cli/server_spec.ts";
import * as client from "../lib/client/limits.ts";
import * as protocol from "../lib/protocol/limits.ts";
import * as relay from "../lib/relay/limits.ts";
import * as storage from "../lib/storage/limits.ts";
import { classifyLine, formatRelayError, RELAY_ERRORS } from "../lib/protocol/wire.ts";
import { readLimits } from "./support/limits.ts";
import { testNeeding } from "./support/needs.ts";
import { taskFlags } from "../tools/task_flags.ts";
import { pureTest } from "./support/pure.ts";

const CRLF_BYTES = 2;

const { MIN_PORT, MAX_PORT } = address;
const { DEFAULT_MAX_CLIENTS, MAX_MAX_CLIENTS } = serverSpec;
const limits = {
  ...{ ...chat, ...client, ...protocol, ...relay, ...storage },
  ...{ MIN_PORT, MAX_PORT, DEFAULT_MAX_CLIENTS, MAX_MAX_CLIENTS },
};

testNeeding(["read"], "every limit is a whole number from 1 up", async () => {
  const found = await readLimits();
  assert.ok(found.size > 150, `${found.size} limits were found`);
  for (const [name, { value }] of found) {
    for (const each of typeof value === "number" ? [value] : Object.values(value as object)) {
      assert.ok(Number.isSafeInteger(each) && each > 0, `${name} is ${each}`);
    }
  }
});

pureTest(
  "the longest text by the longest nickname makes a token within MAX_LINE_BYTES",
  async () => {
    const key = await importKey(generateKey());
    const head = `<${"n".repeat(limits.MAX_NICKNAME_BYTES)}> `;
    const plaintext = new TextEncoder().encode(head + "x".repeat(limits.MAX_TEXT_BYTES));
    const token = new TextEncoder().encode(await encrypt(key, plaintext));
    assert.ok(token.length <= limits.MAX_LINE_BYTES, `${token.length} bytes`);
    assert.equal(classifyLine(token, 0, token.length), "token");
  },
);

pureTest("a token around 49,000 bytes fits a line, one around 49,200 does not", async () => {
  const key = await importKey(generateKey());
  assert.ok((await encrypt(key, new Uint8Array(49_000))).length <= limits.MAX_LINE_BYTES);
  assert.ok((await encrypt(key, new Uint8Array(49_200))).length > limits.MAX_LINE_BYTES);
});

pureTest("MIN_TOKEN_CHARS is the length of the shortest token", async () => {
  const key = await importKey(generateKey());
  assert.equal((await encrypt(key, new Uint8Array())).length, limits.MIN_TOKEN_CHARS);
});

pureTest("every line of the relay's own is within MAX_CONTROL_BYTES", () => {
  for (const error of Object.values(RELAY_ERRORS)) {
    assert.ok(formatRelayError(error).length - 1 <= limits.MAX_CONTROL_BYTES);
  }
  assert.ok(limits.MAX_CONTROL_BYTES <= limits.MAX_LINE_BYTES);
});

pureTest("MAX_READ_BUFFER_BYTES holds the longest line with its ending", () => {
  assert.ok(limits.MAX_READ_BUFFER_BYTES >= limits.MAX_LINE_BYTES + CRLF_BYTES);
  assert.ok(limits.MIN_READ_BUFFER_BYTES <= limits.MAX_READ_BUFFER_BYTES);
});

pureTest("the buffers that grow by doubling reach their greatest size", () => {
  const pairs = [
    [limits.MIN_READ_BUFFER_BYTES, limits.MAX_READ_BUFFER_BYTES],
    [limits.MIN_SEGMENT_BYTES, limits.MAX_SEGMENT_BYTES],
  ] as const;
  for (const [least, greatest] of pairs) {
    assert.ok(Number.isInteger(Math.log2(greatest / least)), `${least} to ${greatest}`);
  }
});

pureTest("the log is freed in parts, and takes what one read can bring", () => {
  assert.ok(limits.MAX_SEGMENT_BYTES * 2 <= limits.MAX_LOG_BYTES);
  assert.ok(limits.MAX_READ_BUFFER_BYTES <= limits.MAX_LOG_BYTES - limits.MAX_SEGMENT_BYTES);
});

pureTest("the server runs with a young generation of MAX_SEMI_SPACE_MIB", () => {
  const flag = `--v8-flags=--max-semi-space-size=${limits.MAX_SEMI_SPACE_MIB}`;
  assert.ok(taskFlags(config, "server").includes(flag));
});

pureTest("the client runs with a small heap", () => {
  const { MAX_SEMI_SPACE_MIB, HEAP_GROWING_PERCENT } = limits;
  const flag = "--v8-flags=--max-semi-space-size=" +
    `${MAX_SEMI_SPACE_MIB},--heap-growing-percent=${HEAP_GROWING_PERCENT},--no-incremental-marking`;
  assert.ok(taskFlags(config, "client").includes(flag));
});

pureTest("a closing connection is read until its longest line is over", () => {
  assert.ok(limits.MAX_LINGER_BYTES >= limits.MAX_LINE_BYTES + CRLF_BYTES);
});

pureTest("the room's default size can be asked for, and each of its clients", () => {
  assert.ok(limits.DEFAULT_MAX_CLIENTS <= limits.MAX_MAX_CLIENTS);
  assert.ok(limits.DEFAULT_MAX_CLIENTS <= limits.TCP_BACKLOG);
});

pureTest("the ports served are those that need no privilege", () => {
  assert.equal(limits.MIN_PORT, 1024);
  assert.equal(limits.MAX_PORT, 2 ** 16 - 1);
});

pureTest("a leaving client waits longer than a leaving relay", () => {
  assert.ok(limits.FINISH_TIMEOUT_MS > limits.DRAIN_MS + limits.LINGER_MS);
});
