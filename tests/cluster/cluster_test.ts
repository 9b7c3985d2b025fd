import assert from "node:assert/strict";
import { Cluster } from "../../lib/cluster/cluster.ts";
import type { Connection } from "../../lib/cluster/connection.ts";
import { streamConfig } from "../../lib/cluster/stream_config.ts";
import { closeQuietly } from "../../lib/relay/peer/departure.ts";
import type { CarrierSink } from "../../lib/relay/carrier.ts";
import { Nats, ROOM_ID } from "../support/nats.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { fakeToken } from "../support/raw_client.ts";
import { withDirectory } from "../support/temporary.ts";

const NEEDS = ["net", "read", "write", "run", "env", "nats"] as const;
const NUMBER = /n(\d+)x/g;

/** Passes bytes on between a relay and its server, and can be cut. */
class Wire implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Deno.Conn>();
  isCut = false;

  constructor(target: number) {
    this.#accept(target);
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  cut(): void {
    this.isCut = true;
    for (const conn of this.#conns) closeQuietly(conn);
    this.#conns.clear();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.cut();
  }

  async #accept(target: number): Promise<void> {
    for await (const conn of this.#listener) {
      if (this.isCut) {
        conn.close();
        continue;
      }
      const other = await Deno.connect({ hostname: "127.0.0.1", port: target });
      for (const each of [conn, other]) this.#conns.add(each);
      for (const [from, to] of [[conn, other], [other, conn]] as const) {
        from.readable.pipeTo(to.writable).catch(() => {});
      }
    }
  }
}

/** A relay's part of a cluster, and the numbers that came to it. */
class Relay implements AsyncDisposable {
  readonly cluster: Cluster;
  readonly numbers: number[] = [];
  readonly events: string[] = [];
  readonly #stop = new AbortController();
  /** While it is defined, the log is full. */
  room: PromiseWithResolvers<void> | undefined;

  constructor(name: string, port: number) {
    this.cluster = new Cluster({
      servers: [{ hostname: "127.0.0.1", port, isTls: false, credentials: undefined }],
      ...{ credentials: undefined, ca: undefined, name, roomId: ROOM_ID, backlogLines: 200 },
      report: ({ kind, message }) => this.events.push(`${kind}: ${message}`),
    });
    const sink: CarrierSink = {
      untilRoom: () => this.room?.promise,
      append: (_, run) => {
        const text = new TextDecoder().decode(run);
        this.numbers.push(...[...text.matchAll(NUMBER)].map(([, number]) => Number(number)));
      },
      tell: () => {},
    };
    this.cluster.attach(sink);
  }

  start(): Promise<void> {
    return this.cluster.start(this.#stop.signal);
  }

  /** Publishes a line with a number, as a client of its own, and waits until it is taken. */
  async say(number: number): Promise<void> {
    const cid = this.cluster.nextCid(() => false);
    const line = new TextEncoder().encode(`${fakeToken(`n${number}x`)}\n`);
    this.cluster.publish({ cid, peerClass: "member" }, line, 1, false);
    await this.cluster.taken(cid);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cluster.close();
  }
}

const PURGE = `$JS.API.STREAM.PURGE.chat-${ROOM_ID}`;

/** Makes the stream, as an operator does who allows what cluster-setup does not. */
async function allowPurge(nats: Nats): Promise<Connection> {
  const connection = await nats.connect();
  const config = { ...streamConfig(ROOM_ID, 1), deny_purge: false };
  await connection.request(`$JS.API.STREAM.CREATE.chat-${ROOM_ID}`, config);
  return connection;
}

testNeeding(
  NEEDS,
  "Cluster finds what was purged before it was read, at who wrote it",
  async () => {
    await withDirectory(async (directory) => {
      await using nats = await Nats.start({ directory, hasStream: false });
      const connection = await allowPurge(nats);
      using wire = new Wire(nats.ports[0]!);
      await using a = new Relay("a", nats.ports[0]!);
      await using b = new Relay("b", wire.port);
      await Promise.all([a.start(), b.start()]);
      await a.say(0);
      await until(() => b.numbers.length === 1, "the first line");
      wire.cut();
      for (let number = 1; number <= 50; number++) await a.say(number);
      await connection.request(PURGE, {});
      await a.say(51);
      // What is published again must have been stored for a while.
      await new Promise((resolve) => setTimeout(resolve, 2000));
      wire.isCut = false;
      await until(() => b.numbers.length >= 52, `all lines of ${b.numbers}`);
      const all = Array.from({ length: 52 }, (_, i) => i);
      assert.deepEqual(b.numbers, all);
      assert.deepEqual(a.numbers, all);
      assert.ok(b.events.some((event) => /it has lost entries that were not read/.test(event)));
      assert.equal(b.cluster.stats.missing, 0);
      assert.ok(a.cluster.stats.resent >= 50);
      await connection.close();
    });
  },
);

testNeeding(
  NEEDS,
  "Cluster finds its own first line that is purged before it is read",
  async () => {
    await withDirectory(async (directory) => {
      await using nats = await Nats.start({ directory, hasStream: false });
      const connection = await allowPurge(nats);
      await using a = new Relay("a", nats.ports[0]!);
      await a.start();
      // While the log is full, the line is stored and not read. It is then sent again, and acknowledged.
      a.room = Promise.withResolvers();
      const first = a.say(1);
      await until(() => a.cluster.stats.resent > 0, "that it is sent again");
      await nats.kill(0);
      await nats.run(0);
      await connection.close();
      const again = await nats.connect();
      await again.request(PURGE, {});
      a.room.resolve();
      a.room = undefined;
      await Promise.all([first, a.say(2)]);
      assert.deepEqual([a.numbers, a.cluster.stats.missing], [[1, 2], 0]);
      await again.close();
    });
  },
);

testNeeding(NEEDS, "Cluster takes a line only when it is stored and has come back", async () => {
  await withDirectory(async (directory) => {
    await using nats = await Nats.start({ directory });
    await using a = new Relay("a", nats.ports[0]!);
    await a.start();
    await nats.kill(0);
    let isTaken = false;
    const said = a.say(1).then(() => isTaken = true);
    await until(() => !a.cluster.stats.isConnected, "the loss");
    assert.deepEqual([isTaken, a.numbers], [false, []]);
    assert.ok(a.cluster.stats.outboxBytes > 0);
    await nats.run(0);
    await said;
    assert.deepEqual(a.numbers, [1]);
    assert.equal(a.cluster.stats.outboxBytes, 0);
  });
});
