import assert from "node:assert/strict";
import { formatBase64Url } from "../../../lib/bytes/base64url.ts";
import { writeAll } from "../../../lib/bytes/write_all.ts";
import { MAX_PIPES_OF_NETWORK } from "../../../lib/relay/pipes/limits.ts";
import type { PipeEnd } from "../../../lib/relay/pipes/pipe.ts";
import { Pipes, type PipesOptions } from "../../../lib/relay/pipes/pipes.ts";
import { Departures } from "../../../lib/relay/peer/departure.ts";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { testNeeding } from "../../support/needs.ts";
import { until } from "../../support/process_info.ts";
import { within } from "../../support/within.ts";

/** Pipes on real sockets: of each connection, the relay's side was taken for an end. */
class Bench implements AsyncDisposable {
  readonly events: RelayEvent[] = [];
  readonly stats = createStats();
  readonly pipes: Pipes;
  now = 0;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #taking: Promise<void>[] = [];
  readonly #clients: Deno.Conn[] = [];
  #cid = 0;

  constructor(options: Partial<PipesOptions> = {}) {
    const report = (event: RelayEvent) => void this.events.push(event);
    const { stats } = this;
    const own = { report, stats, departures: new Departures(), now: () => this.now };
    this.pipes = new Pipes({ ...own, ...options });
  }

  /** Connects a client from a network, and has its connection taken for an end of a pipe. */
  async connect(name: string, network?: string): Promise<Client> {
    const { client, end } = await this.dial(network);
    this.take(name, end);
    return client;
  }

  /** Has a connection taken for an end. */
  take(name: string, end: PipeEnd): void {
    this.#taking.push(this.pipes.take(name, end));
  }

  /** Connects a client from a network. */
  async dial(network = "192.0.2.1"): Promise<{ client: Client; end: PipeEnd }> {
    const [conn, accepted] = await Promise.all([
      Deno.connect({ hostname: "127.0.0.1", port: this.#listener.addr.port }),
      this.#listener.accept(),
    ]);
    this.#clients.push(conn);
    const end: PipeEnd = { cid: ++this.#cid, conn: accepted, network, address: `end ${this.#cid}` };
    return { client: new Client(conn), end };
  }

  /** Connects both ends of a pipe, and reads what tells them so. */
  async join(name: string, network?: string): Promise<[Client, Client]> {
    const ends = [await this.connect(name, network), await this.connect(name, network)] as const;
    for (const end of ends) assert.equal(await end.text(7), "!PIPED\n");
    return [...ends];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pipes.stop();
    for (const conn of this.#clients) {
      try {
        conn.close();
      } catch {
        // The test closed it.
      }
    }
    this.#listener.close();
    await within(10, () => "an end was not let go", Promise.all(this.#taking));
  }
}

/** The client's side of a connection. */
class Client {
  constructor(readonly conn: Deno.Conn) {}

  async send(bytes: Uint8Array): Promise<void> {
    await within(10, () => "nobody reads", writeAll(this.conn, bytes));
  }

  /** Reads so many bytes, or to the end of the input. */
  async read(count = Infinity): Promise<Uint8Array> {
    const bytes: number[] = [];
    const buffer = new Uint8Array(64 * 1024);
    while (bytes.length < count) {
      const room = buffer.subarray(0, Math.min(buffer.length, count - bytes.length));
      const read = await within(10, () => "nothing comes", this.conn.read(room).catch(() => null));
      if (read === null) break;
      for (const byte of room.subarray(0, read)) bytes.push(byte);
    }
    return new Uint8Array(bytes);
  }

  async text(count?: number): Promise<string> {
    return new TextDecoder().decode(await this.read(count));
  }
}

const NAME = formatBase64Url(new Uint8Array(16));

testNeeding(["net"], "take() joins two by the name, and copies bytes both ways", async () => {
  await using bench = new Bench();
  const [a, b] = await bench.join(NAME);
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  await a.send(bytes);
  assert.deepEqual(await b.read(bytes.length), bytes);
  await b.send(bytes.subarray(0, 9));
  assert.deepEqual(await a.read(9), bytes.subarray(0, 9));
  assert.equal(bench.stats.pipeBytes, bytes.length + 9);
  assert.equal(bench.pipes.size, 1);
});

testNeeding(
  ["net"],
  "an end that is done is still written to, and then the pipe ends",
  async () => {
    await using bench = new Bench();
    const [a, b] = await bench.join(NAME);
    await a.send(new Uint8Array(5));
    await a.conn.closeWrite();
    assert.equal((await b.read()).length, 5);
    await b.send(new Uint8Array([7]));
    await b.conn.closeWrite();
    assert.deepEqual(await a.read(), new Uint8Array([7]));
    await until(() => Promise.resolve(bench.pipes.size === 0), "no pipe");
    assert.deepEqual(bench.events, [
      { kind: "piped", cid: 1, other: 2 },
      { kind: "unpiped", cid: 1, other: 2, reason: "end", bytes: 6 },
    ]);
  },
);

testNeeding(["net"], "what an end sends before the other comes is kept for it", async () => {
  await using bench = new Bench();
  const first = await bench.connect(NAME);
  await first.send(new TextEncoder().encode("early"));
  const second = await bench.connect(NAME);
  assert.equal(await second.text(12), "!PIPED\nearly");
});

testNeeding(["net"], "an end that leaves alone frees its pipe", async () => {
  await using bench = new Bench({ maxPipes: 1 });
  const first = await bench.connect(NAME);
  first.conn.close();
  await until(() => Promise.resolve(bench.pipes.size === 0), "no pipe");
  await bench.join(NAME);
});

testNeeding(["net"], "take() refuses a third end, and one pipe too many", async () => {
  await using bench = new Bench({ maxPipes: 2 });
  await bench.join("a");
  assert.equal(await (await bench.connect("a")).text(), "!ERR 503 no pipe\n");
  await bench.connect("b");
  assert.equal(await (await bench.connect("c")).text(), "!ERR 503 no pipe\n");
  assert.equal(bench.stats.closed["no pipe"], 2);
  const refused = { kind: "refused", reason: "no pipe", address: "end 3" };
  assert.deepEqual(bench.events[1], refused);
});

testNeeding(["net"], "there are 16 pipes, or none with 0", async () => {
  await using bench = new Bench();
  for (let i = 0; i < 16; i++) await bench.connect(`${i}`, `192.0.2.${i}`);
  assert.equal(await (await bench.connect("more", "192.0.2.99")).text(), "!ERR 503 no pipe\n");
  await using none = new Bench({ maxPipes: 0 });
  assert.equal(await (await none.connect("a")).text(), "!ERR 503 no pipe\n");
});

testNeeding(["net"], "a network has 3 pipes, and this machine as many as there are", async () => {
  await using bench = new Bench();
  for (let i = 0; i < MAX_PIPES_OF_NETWORK; i++) await bench.join(`${i}`);
  assert.equal(await (await bench.connect("more")).text(), "!ERR 503 no pipe\n");
  await bench.connect("other", "192.0.2.2");
  // The second end counts, too.
  assert.equal(await (await bench.connect("other")).text(), "!ERR 503 no pipe\n");
  for (let i = 0; i < 4; i++) await bench.join(`own ${i}`, i % 2 ? "127.0.0.1" : "0:0:0:0/64");
});

testNeeding(["net"], "sweep() ends who waits alone, and what does not move", async () => {
  await using bench = new Bench();
  const [a, b] = await bench.join("joined");
  const lone = await bench.connect("lone");
  bench.now = 60_000;
  bench.pipes.sweep();
  assert.equal(bench.pipes.size, 2);
  await a.send(new Uint8Array(1));
  await b.read(1);
  await until(() => Promise.resolve(bench.stats.pipeBytes === 1), "a byte counted");
  bench.now = 60_001;
  bench.pipes.sweep();
  assert.equal(await lone.text(), "!ERR 408 timeout\n");
  assert.equal(bench.pipes.size, 1);
  bench.now = 120_001;
  bench.pipes.sweep();
  assert.equal((await a.read()).length, 0);
  const last = { kind: "unpiped", cid: 1, other: 2, reason: "timeout", bytes: 1 };
  assert.deepEqual(bench.events.at(-1), last);
});

testNeeding(["net"], "an end that does not read holds back its sender alone", async () => {
  await using bench = new Bench();
  const [stuck] = await bench.join("stuck");
  const [a, b] = await bench.join("other");
  let sent = 0;
  const flooding = (async () => {
    for (;;) sent += await stuck.conn.write(new Uint8Array(64 * 1024));
  })().catch(() => {});
  await until(async () => {
    const before = sent;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return sent > 0 && sent === before;
  }, "the sender waits");
  const bytes = new Uint8Array(1024 * 1024).fill(3);
  const [got] = await Promise.all([b.read(bytes.length), a.send(bytes)]);
  assert.deepEqual(got, bytes);
  // What is on its way is in the buffers of the system and in one of the relay.
  assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes`);
  stuck.conn.close();
  await flooding;
});

testNeeding(["net"], "a pipe keeps to its rate, after a burst of 1 MiB", async () => {
  await using bench = new Bench({ pipeBytesPerSecond: 4 * 1024 * 1024, now: undefined });
  const [a, b] = await bench.join(NAME);
  const bytes = new Uint8Array(3 * 1024 * 1024);
  const begun = performance.now();
  const reading = (async () => {
    const buffer = new Uint8Array(256 * 1024);
    for (let left = bytes.length; left > 0;) left -= (await b.conn.read(buffer))!;
  })();
  await Promise.all([reading, a.send(bytes)]);
  const ms = performance.now() - begun;
  assert.ok(ms > 450 && ms < 5000, `${ms} ms`);
});

testNeeding(["net"], "who comes to a pipe that is over, or after the end, is let go", async () => {
  await using bench = new Bench();
  await bench.connect(NAME);
  bench.now = 61_000;
  const { client, end } = await bench.dial();
  bench.pipes.sweep();
  bench.take(NAME, end);
  assert.match(await client.text(), /^!ERR /);
  bench.pipes.stop();
  assert.match(await (await bench.connect(NAME)).text(), /^!ERR /);
});
