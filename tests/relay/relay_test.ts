import assert from "node:assert/strict";
import { answer, hello, untilLine } from "../support/member_client.ts";
import { testNeeding } from "../support/needs.ts";
import { until } from "../support/process_info.ts";
import { fakeToken, RawClient } from "../support/raw_client.ts";
import type { RelayEvent } from "../../lib/relay/watch/events.ts";
import { withRelay } from "../support/relay.ts";
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
