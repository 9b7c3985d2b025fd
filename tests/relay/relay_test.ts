import assert from "node:assert/strict";
import { secureClient } from "../../lib/tls/client.ts";
import { answer, hello, untilLine } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import type { RelayEvent } from "../../lib/relay/watch/events.ts";
import { withRelay } from "../support/relay.ts";
import { readText, roomTls } from "../support/secure_pair.ts";
import { within } from "../support/within.ts";

testNeeding(["net"], "serve() takes no proof after the challenge's time", async () => {
  await withRelay({ proofTimeoutMs: 100 }, async (port, relay) => {
    using late = await RawClient.connect(port);
    await late.send(hello());
    await untilLine(late, "!CHAL ");
    const proof = await answer(late);
    await new Promise((resolve) => setTimeout(resolve, 110));
    await late.send(proof).catch(() => {});
    await late.waitForEnd();
    assert.match(late.text(), /^!CHAL .*\n!ERR 401 auth\n$/);
    assert.equal(relay.stats.proofs.good, 0);
  });
});

testNeeding(["net"], "serve() closes who says hello and does not prove the key", async () => {
  await withRelay({ proofTimeoutMs: 100 }, async (port, relay) => {
    using guest = await RawClient.connect(port);
    using silent = await RawClient.connect(port);
    await silent.send(hello());
    await silent.waitForEnd();
    assert.match(silent.text(), /^!CHAL .*\n!ERR 401 auth\n$/);
    assert.equal(relay.stats.closed.auth, 1);
    assert.equal(guest.isEnded, false);
  });
});

testNeeding(
  ["net"],
  "serve() counts who is silent after a second, and who leaves before never",
  async () => {
    const events: RelayEvent[] = [];
    const report = (event: RelayEvent) => events.push(event);
    await withRelay({ report }, async (port, relay) => {
      const start = performance.now();
      using _silent = await RawClient.connect(port);
      using probe = await RawClient.connect(port);
      await new Promise((resolve) => setTimeout(resolve, 500));
      probe[Symbol.dispose]();
      await until(() => Promise.resolve(relay.stats.clients.guest === 1), "it counts");
      assert.ok(performance.now() - start >= 999);
      assert.deepEqual(events.map(({ kind }) => kind), ["joined"]);
      assert.equal(relay.stats.closed.probe, 1);
    });
  },
);

testNeeding(["net"], "serve() keeps the unproven outside a full room for its time", async () => {
  await withRelay({ maxClients: 1, fullRoomWaitMs: 100 }, async (port, relay) => {
    using guest = await RawClient.connect(port);
    await guest.send("hello\n");
    const start = performance.now();
    using second = await RawClient.connect(port);
    await second.waitForEnd();
    assert.ok(performance.now() - start > 100);
    assert.equal(second.text(), "!ERR 503 full\n");
    assert.deepEqual(relay.stats.clients, { guest: 1, member: 0 });
    assert.equal(guest.isEnded, false);
  });
});

testNeeding(["net"], "serve() takes an end of output over TLS as it does without", async () => {
  const { secure, trust } = await roomTls();
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port: tlsPort } = listener.addr;
  const tls = { listeners: [listener], secure };
  await withRelay({}, async (port, relay) => {
    using plain = await RawClient.connect(port);
    const client = await secureClient(await Deno.connect({ hostname, port: tlsPort }), trust);
    await until(() => relay.stats.clients.guest === 2, "they are not in");
    await plain.send(`${fakeToken("-plain-")}\n`);
    assert.equal(await readText(client), `${fakeToken("-plain-")}\n`);
    await client.write(new TextEncoder().encode(`${fakeToken("-last-")}\ng-without-LF`));
    await client.closeWrite();
    await plain.waitForLines(1);
    assert.deepEqual(plain.lines(), [fakeToken("-last-")]);
    assert.equal(await readText(client), "");
    await until(() => relay.stats.clients.guest === 1, "it is still in");
    assert.equal(relay.stats.closed.end, 1);
    client.close();
  }, tls);
});

testNeeding(
  ["net"],
  "serve() counts who shakes hands as who waits, and lets nobody else in",
  async () => {
    const { secure } = await roomTls();
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const tls = { listeners: [listener], secure };
    await withRelay({ handshakeMs: 100, maxClients: 1 }, async (_, relay) => {
      using silent = await RawClient.connect(listener.addr.port);
      await silent.send("\x16");
      await until(() => relay.stats.waiting === 1, "nobody came");
      assert.deepEqual(relay.stats.clients, { guest: 0, member: 0 });
      await silent.waitForEnd();
      assert.equal(silent.text(), "");
      assert.equal(relay.stats.closed.tls, 1);
      assert.equal(relay.stats.waiting, 0);
    }, tls);
  },
);

testNeeding(
  ["net"],
  "serve() lets lines out to one who does not say hello, after a moment",
  async () => {
    await withRelay({}, async (port) => {
      using silent = await RawClient.connect(port);
      using sender = await RawClient.connect(port);
      await sender.send(fakeToken("-n-") + "\n");
      await within(10, () => "nothing came", silent.waitForLines(1));
      assert.deepEqual(silent.lines(), [fakeToken("-n-")]);
    });
  },
);
