import assert from "node:assert/strict";
import { type SecurePeerConn, TlsDoor } from "../../../lib/relay/door/tls_door.ts";
import {
  ANSWER_MS,
  MAX_SHAKING,
  STRANGERS_OF_HANDSHAKE,
  TLS_HANDSHAKE_MS,
} from "../../../lib/relay/limits.ts";
import type { PeerConn } from "../../../lib/relay/peer/parts.ts";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { until } from "../../support/process_info.ts";
import { pureTest } from "../../support/pure.ts";

/** A connection that shakes hands when the test says so. */
class FakeConn implements SecurePeerConn {
  readonly #shaken = Promise.withResolvers<void>();
  readonly remoteAddr: Deno.NetAddr;
  isClosed = false;
  hasSpoken = true;

  constructor(hostname: string) {
    this.remoteAddr = { transport: "tcp", hostname, port: 7 };
  }

  handshake(): Promise<void> {
    return this.#shaken.promise;
  }

  shake(): void {
    this.#shaken.resolve();
  }

  fail(): void {
    this.#shaken.reject(new Error("no TLS"));
  }

  close(): void {
    this.isClosed = true;
    this.fail();
  }

  read(): Promise<number | null> {
    return Promise.resolve(null);
  }

  write(): Promise<number> {
    return Promise.resolve(0);
  }

  closeWrite(): Promise<void> {
    return Promise.resolve();
  }
}

/** A door, and what comes to it. */
class Bench implements Disposable {
  readonly events: RelayEvent[] = [];
  readonly in: PeerConn[] = [];
  readonly conns: FakeConn[] = [];
  readonly stats = createStats();
  strangers = 0;
  readonly #stop = new AbortController();
  readonly #arrivals: PromiseWithResolvers<Deno.Conn>[] = [];
  readonly serving: Promise<void>;
  readonly door: TlsDoor;

  constructor() {
    const accept = () => {
      const next = Promise.withResolvers<Deno.Conn>();
      this.#stop.signal.addEventListener("abort", () => next.reject(new Error("closed")));
      this.#arrivals.push(next);
      return next.promise;
    };
    const listener = { accept } as unknown as Deno.Listener;
    this.door = new TlsDoor({
      entrance: { untilOpen: () => Promise.resolve(), noteStranger: () => this.strangers++ },
      stats: this.stats,
      report: (event) => this.events.push(event),
      departures: { dismiss: () => Promise.resolve() },
      arrive: (conn) => {
        this.in.push(conn);
        return Promise.resolve();
      },
    });
    const secure = (conn: PeerConn) => conn as FakeConn;
    this.serving = this.door.serve({ listeners: [listener], secure }, this.#stop.signal);
  }

  /** Whether another one can come. */
  get isAccepting(): boolean {
    return this.#arrivals.length > 0;
  }

  async come(hostname = "192.0.2.1"): Promise<FakeConn> {
    await until(() => this.isAccepting, "nobody is accepted");
    const conn = new FakeConn(hostname);
    this.conns.push(conn);
    this.#arrivals.shift()!.resolve(conn as unknown as Deno.Conn);
    await settle();
    return conn;
  }

  stop(): void {
    this.#stop.abort();
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await undefined;
}

pureTest("who has shaken hands is let in, and who has not is not", async () => {
  using bench = new Bench();
  const [first, second] = [await bench.come(), await bench.come()];
  assert.equal(bench.door.size, 2);
  assert.equal(bench.strangers, 2 * STRANGERS_OF_HANDSHAKE);
  second.shake();
  await settle();
  assert.deepEqual(bench.in, [second]);
  assert.equal(bench.door.size, 1);
  assert.equal(first.isClosed, false);
  assert.deepEqual(bench.events, []);
});

pureTest("a handshake that fails is told and counted", async () => {
  using bench = new Bench();
  const conn = await bench.come();
  conn.fail();
  await settle();
  assert.equal(conn.isClosed, true);
  assert.equal(bench.stats.closed.tls, 1);
  assert.deepEqual(bench.events, [{ kind: "refused", reason: "tls", address: "192.0.2.1:7" }]);
  assert.equal(bench.door.size, 0);
});

pureTest("sweep() ends the handshakes whose time is up", async () => {
  using bench = new Bench();
  const conn = await bench.come();
  const now = performance.now();
  bench.door.sweep(now + TLS_HANDSHAKE_MS - 1000);
  await settle();
  assert.equal(conn.isClosed, false);
  bench.door.sweep(now + TLS_HANDSHAKE_MS + 1);
  await settle();
  assert.equal(conn.isClosed, true);
  assert.deepEqual(bench.in, []);
  assert.equal(bench.stats.closed.tls, 1);
});

pureTest(
  "a crowd that shakes no hands pushes out itself, and holds nobody up for long",
  async () => {
    using bench = new Bench();
    const member = await bench.come("198.51.100.7");
    for (let i = 1; i < MAX_SHAKING; i++) await bench.come();
    assert.equal(bench.door.size, MAX_SHAKING);
    // Nobody more is accepted until one of the crowd has had its time.
    assert.equal(bench.isAccepting, false);
    const since = performance.now();
    await bench.come("203.0.113.9");
    assert.ok(performance.now() - since < ANSWER_MS);
    assert.equal(bench.door.size, MAX_SHAKING);
    assert.equal(bench.stats.closed.full, 1);
    assert.equal(member.isClosed, false);
    assert.equal(bench.conns[1]!.isClosed, true);
  },
);

pureTest("serve() ends all handshakes when it is stopped, and tells nothing of them", async () => {
  const bench = new Bench();
  const conn = await bench.come();
  bench.stop();
  await bench.serving;
  await settle();
  assert.equal(conn.isClosed, true);
  assert.deepEqual(bench.events, []);
  assert.equal(bench.stats.closed.stopped, 1);
});

pureTest("a check of the port, which says nothing, is told nothing of", async () => {
  using bench = new Bench();
  const conn = await bench.come();
  conn.hasSpoken = false;
  conn.fail();
  await settle();
  assert.deepEqual(bench.events, []);
  assert.equal(bench.stats.closed.probe, 1);
});
