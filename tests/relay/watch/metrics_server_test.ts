import assert from "node:assert/strict";
import type { Place } from "../../../lib/relay/door/listen.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { createMetrics } from "../../../lib/relay/watch/metrics.ts";
import {
  isOwnHost,
  measureDelay,
  respond,
  serveMetrics,
} from "../../../lib/relay/watch/metrics_server.ts";
import { testNeeding } from "../../support/needs.ts";
import { within } from "../../support/within.ts";

const SOURCE = { stats: createStats, maxLogBytes: 64, residentBytes: () => 4096 };
const failOnEvent = () => assert.fail();
const ANY_PORT = { hostname: "127.0.0.1", port: 0 };

Deno.test({
  name: "respond() answers /metrics and /healthz, and nothing else",
  permissions: "none",
  async fn() {
    const { registry } = createMetrics(SOURCE);
    const cases: [method: string, path: string, status: number, start: string][] = [
      ["GET", "/healthz", 200, "ok\n"],
      ["GET", "/metrics", 200, "# HELP chat_clients "],
      ["GET", "/metrics?name[]=chat_clients", 200, "# HELP chat_clients "],
      ["HEAD", "/healthz", 200, "ok\n"],
      ["GET", "/", 404, "Not found"],
      ["GET", "/metrics/", 404, "Not found"],
      ["GET", "/secret.key", 404, "Not found"],
      ["POST", "/", 404, "Not found"],
      ["POST", "/metrics", 405, "Method not allowed"],
      ["DELETE", "/healthz", 405, "Method not allowed"],
      ["OPTIONS", "/metrics", 405, "Method not allowed"],
    ];
    for (const [method, path, status, start] of cases) {
      const { status: answered, body, headers } = await respond(
        registry,
        { method, path: path.split("?")[0]!, host: "localhost" },
        "127.0.0.1",
      );
      assert.equal(answered, status, `${method} ${path}`);
      assert.ok(body.startsWith(start), `${method} ${path}`);
      if (status === 405) assert.equal(headers?.allow, "GET, HEAD");
    }
    const request = { method: "GET", path: "/metrics", host: undefined };
    const { headers } = await respond(registry, request, "127.0.0.1");
    assert.match(headers!["content-type"]!, /^text\/plain; version=0\.0\.4/);
    const stranger = { ...request, host: "rebound.example" };
    const { status, body } = await respond(registry, stranger, "127.0.0.1");
    assert.equal(status, 421);
    assert.doesNotMatch(body, /chat_/);
  },
});

Deno.test({
  name: "isOwnHost() takes names that nobody else can own",
  permissions: "none",
  fn() {
    const cases: [listening: string, own: string[], others: string[]][] = [
      [
        "127.0.0.1",
        ["127.0.0.1", "192.0.2.7", "[::1]", "localhost", "a.localhost", "localhost."],
        ["evil", "evil.example", "localhost.evil.example", "1.2.3.4.evil.example", "chat.local"],
      ],
      ["::1", ["[::1]", "localhost"], ["chat", "evil.example"]],
      ["localhost", ["localhost", "127.0.0.1"], ["chat", "evil.example"]],
      [
        "0.0.0.0",
        ["10.0.0.7", "localhost", "chat", "chat.default.svc.cluster.local", "chat.internal"],
        ["chat.example", "local.example", "xlocal.example.", "evil-internal.example"],
      ],
      ["Chat.example", ["chat.example", "chat.example.", "chat"], ["evil.example"]],
    ];
    for (const [listening, own, others] of cases) {
      for (const host of own) assert.ok(isOwnHost(host, listening), `${host} for ${listening}`);
      for (const host of others) assert.ok(!isOwnHost(host, listening), `${host} for ${listening}`);
    }
  },
});

testNeeding(["net"], "serveMetrics() notices a blocked event loop", async () => {
  await using server = await serveMetrics(ANY_PORT, SOURCE, failOnEvent);
  const url = `http://127.0.0.1:${server.address.port}/metrics`;
  const pattern = /^chat_event_loop_delay_seconds{quantile="1"} ([0-9.]+)$/m;
  // The interval that measures must have begun before it can be late.
  await new Promise((resolve) => setTimeout(resolve, 250));
  const end = performance.now() + 600;
  while (performance.now() < end);
  await new Promise((resolve) => setTimeout(resolve, 250));
  const longest = Number(pattern.exec(await (await fetch(url)).text())![1]);
  assert.ok(longest >= 0.4 && longest < 30, `${longest} s`);
});

testNeeding(["net"], "serveMetrics() closes its connections when it is disposed of", async () => {
  const server = await serveMetrics(ANY_PORT, SOURCE, failOnEvent);
  const { port } = server.address;
  using kept = await Deno.connect({ port });
  using unfinished = await Deno.connect({ port });
  using silent = await Deno.connect({ port });
  const encoder = new TextEncoder();
  await kept.write(encoder.encode("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"));
  await unfinished.write(encoder.encode("GET /healthz HT"));
  assert.match(new TextDecoder().decode(await read(kept)), /^HTTP\/1\.1 200 OK/);
  await within(5, () => "disposing", Promise.resolve(server[Symbol.asyncDispose]()));
  for (const conn of [kept, unfinished, silent]) {
    await within(5, () => "the end of a connection", readToEnd(conn));
  }
  await assert.rejects(Deno.connect({ port }), Deno.errors.ConnectionRefused);
});

async function read(conn: Deno.Conn): Promise<Uint8Array> {
  const buffer = new Uint8Array(1000);
  return buffer.subarray(0, await conn.read(buffer) ?? 0);
}

async function readToEnd(conn: Deno.Conn): Promise<void> {
  try {
    while ((await read(conn)).length > 0);
  } catch {
    // A reset is an end, too.
  }
}

testNeeding(["net"], "serveMetrics() says why it cannot", async () => {
  using taken = Deno.listen(ANY_PORT);
  const { port } = taken.addr;
  const hint = "Choose another address with --metrics, such as 127.0.0.1:0 for any free port.";
  const cases: [place: Place, reason: string, hint: string | undefined][] = [
    [{ ...ANY_PORT, port }, `port ${port} is in use`, hint],
    // 192.0.2.0/24 is reserved for documentation: no machine has it.
    [{ ...ANY_PORT, hostname: "192.0.2.1" }, "192.0.2.1 is not an address of this machine", hint],
    [{ ...ANY_PORT, hostname: "no.invalid" }, "there is no host called no.invalid", undefined],
  ];
  for (const [place, reason, hint] of cases) {
    await assert.rejects(serveMetrics(place, SOURCE, failOnEvent), {
      name: "ChatError",
      message: `Cannot serve metrics: ${reason}`,
      hint,
    });
  }
});

Deno.test({
  name: "measureDelay() tells how late each interval is by itself",
  permissions: "none",
  fn() {
    const { setInterval, clearInterval, performance } = globalThis;
    let now = 1000;
    let look = () => {};
    const ended: unknown[] = [];
    Object.assign(globalThis, {
      setInterval: (callback: () => void) => (look = callback, 7),
      clearInterval: (timer: unknown) => ended.push(timer),
      performance: { now: () => now },
    });
    try {
      const delays: number[] = [];
      const stop = measureDelay((seconds) => delays.push(seconds));
      for (const passed of [100, 150, 99, 1100]) {
        now += passed;
        look();
      }
      stop();
      assert.deepEqual([delays, ended], [[0, 0.05, 0, 1], [7]]);
    } finally {
      Object.assign(globalThis, { setInterval, clearInterval });
      Object.defineProperty(globalThis, "performance", { value: performance, configurable: true });
    }
  },
});
