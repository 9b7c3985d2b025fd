import assert from "node:assert/strict";
import { Acceptance, type AcceptanceParts } from "../../../lib/relay/door/acceptance.ts";
import type { Introduction } from "../../../lib/relay/door/proxies.ts";
import type { RelayEvent } from "../../../lib/relay/watch/events.ts";
import { createStats } from "../../../lib/relay/watch/stats.ts";
import { fakeConn } from "../../support/fake_conn.ts";
import { testNeeding } from "../../support/needs.ts";
import { until } from "../../support/process_info.ts";

/** Accepts from a real listener; every connection is a proxy's if there is an introduction. */
async function accept(
  introduction: Promise<Introduction> | undefined,
  fn: (seen: string[], connect: () => Promise<Deno.TcpConn>, stop: () => void) => Promise<void>,
) {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const seen: string[] = [];
  const events: RelayEvent[] = [];
  const stats = createStats();
  const stop = new AbortController();
  const name = (conn: { remoteAddr: Deno.Addr }) => (conn.remoteAddr as Deno.NetAddr).hostname;
  const proxies: AcceptanceParts["proxies"] = introduction && {
    isNamed: () => true,
    introduce: () => introduction,
    awaited: 7,
    hasRoom: false,
  };
  const acceptance = new Acceptance({
    proxies,
    entrance: { untilOpen: () => Promise.resolve() },
    departures: {
      dismiss(conn, reason) {
        conn.close();
        return Promise.resolve(void seen.push(`dismissed: ${reason}`));
      },
    },
    arrive: (conn) => Promise.resolve(void seen.push(`came: ${name(conn)}`)),
    report: (event) => events.push(event),
    stats,
  });
  const isOwn = introduction === undefined;
  assert.deepEqual([acceptance.awaited, acceptance.hasRoom], isOwn ? [0, true] : [7, false]);
  const serving = acceptance.serve(listener, stop.signal);
  const end = () => {
    stop.abort();
    listener.close();
  };
  const connect = () => Deno.connect({ hostname: "127.0.0.1", port: listener.addr.port });
  await fn(seen, connect, end);
  if (!stop.signal.aborted) end();
  await serving;
  return { stats, events };
}

testNeeding(
  ["net"],
  "serve() hands connections on as they are, where there is no proxy",
  async () => {
    const { stats } = await accept(undefined, async (seen, connect) => {
      using _conn = await connect();
      await until(() => Promise.resolve(seen.length === 1), "it came");
      assert.deepEqual(seen, ["came: 127.0.0.1"]);
    });
    assert.deepEqual(stats, createStats());
  },
);

testNeeding(["net"], "serve() hands a proxy's connection on as of its client", async () => {
  const told = Promise.resolve({ result: "client", conn: fakeConn() } as const);
  const { stats, events } = await accept(told, async (seen, connect) => {
    using _conn = await connect();
    await until(() => Promise.resolve(seen.length === 1), "it came");
    assert.deepEqual(seen, ["came: 192.0.2.1"]);
  });
  assert.equal(stats.proxyHeaders.client, 1);
  assert.deepEqual(events, []);
});

testNeeding(
  ["net"],
  "serve() sends away who has no header, and tells of what is no check",
  async () => {
    const cases = [["none", "probe", 0], ["http", "http", 0], [
      "bad",
      "no proxy header",
      1,
    ]] as const;
    for (const [result, reason, reported] of cases) {
      const { stats, events } = await accept(Promise.resolve({ result }), async (seen, connect) => {
        using _conn = await connect();
        await until(() => Promise.resolve(seen.length === 1), "it went");
        assert.deepEqual(seen, [`dismissed: ${reason}`]);
      });
      assert.equal(stats.proxyHeaders[result], 1);
      assert.equal(stats.closed[reason], 1);
      assert.deepEqual(events.map(({ kind }) => kind), Array(reported).fill("refused"));
    }
  },
);

testNeeding(["net"], "serve() lets nobody in whose header comes when it is stopped", async () => {
  const { promise, resolve } = Promise.withResolvers<Introduction>();
  await accept(promise, async (seen, connect, stop) => {
    using conn = await connect();
    using other = await connect();
    await new Promise((resolve) => setTimeout(resolve, 50));
    stop();
    resolve({ result: "client", conn: fakeConn() });
    assert.equal(await conn.read(new Uint8Array(1)), null);
    assert.equal(await other.read(new Uint8Array(1)), null);
    assert.deepEqual(seen, []);
  });
});
