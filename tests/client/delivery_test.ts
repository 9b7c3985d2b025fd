import assert from "node:assert/strict";
import { Delivery } from "../../lib/client/delivery.ts";
import { MAX_SENT_AT_ONCE_BYTES, RECENT_COPY_MS } from "../../lib/client/limits.ts";
import type { Link } from "../../lib/client/link.ts";
import { Outbox } from "../../lib/client/outbox.ts";
import { generateKey, importKey } from "../../lib/fernet.ts";
import { ringOf } from "../support/one_key.ts";
import { pureTest } from "../support/pure.ts";

const MESSAGES = 2000;

/** A delivery whose messages have been sent and taken, at a clock that the test moves. */
async function setUp() {
  const clock = { ms: 0 };
  const outbox = new Outbox();
  const monotonic = () => clock.ms;
  const delivery = new Delivery({
    keys: ringOf(await importKey(generateKey())),
    outbox,
    reader: { noteOwn() {} },
    monotonic,
  });
  for (let sequence = 0; sequence < MESSAGES; sequence++) {
    outbox.add({ sequence, plaintext: new Uint8Array(1), at: 0, isNumbered: true });
  }
  outbox.nextToSend(MESSAGES, 0);
  outbox.take(MESSAGES - 1);
  return { clock, outbox, delivery };
}

pureTest("Delivery.resend() sends all at once, and then no more than the budget", async () => {
  const { clock, outbox, delivery } = await setUp();
  const ask = (asker: string) => {
    clock.ms += 2 * RECENT_COPY_MS;
    delivery.resend([0, MESSAGES - 1], asker);
    return outbox.nextToSend(2 * MESSAGES, clock.ms).length;
  };
  assert.deepEqual([ask("a"), ask("b"), ask("a")], [MESSAGES, MESSAGES, 0]);
});

pureTest("Delivery.resend() sends nothing twice that is on its way", async () => {
  const { clock, outbox, delivery } = await setUp();
  clock.ms += 2 * RECENT_COPY_MS;
  delivery.resend([5, 6], "a");
  delivery.resend([6, 7], "a");
  const again = outbox.nextToSend(10, clock.ms).map(({ sequence }) => sequence);
  assert.deepEqual(again, [5, 6, 7]);
  delivery.resend([5, 7], "a");
  assert.deepEqual(outbox.nextToSend(10, clock.ms), []);
});

pureTest(
  "Delivery.isDone is whether the relay has everything, once no more will come",
  async () => {
    const { outbox, delivery } = await setUp();
    assert.equal(delivery.isDone, false);
    delivery.finish();
    assert.equal(delivery.isDone, true);
    outbox.add({ sequence: MESSAGES, plaintext: new Uint8Array(1), at: 0, isNumbered: true });
    assert.equal(delivery.isDone, false);
  },
);

pureTest("Delivery.mark() tells whether what was written by then is taken", async () => {
  const { outbox, delivery } = await setUp();
  assert.equal(delivery.mark()(), true);
  const add = (sequence: number) =>
    outbox.add({ sequence, plaintext: new Uint8Array(1), at: 0, isNumbered: true });
  add(MESSAGES);
  const isTaken = delivery.mark();
  add(MESSAGES + 1);
  assert.equal(isTaken(), false);
  outbox.take(MESSAGES);
  assert.deepEqual([isTaken(), delivery.mark()()], [true, false]);
});

pureTest("Delivery.mark() counts nothing written as taken", async () => {
  const delivery = new Delivery({
    keys: ringOf(await importKey(generateKey())),
    outbox: new Outbox(),
    reader: { noteOwn() {} },
    monotonic: () => 0,
  });
  assert.equal(delivery.mark()(), true);
});

pureTest("Delivery.latencyMs is what the last answer took, on this connection", async () => {
  const { clock, delivery } = await setUp();
  const link = { say: () => Promise.resolve() } as unknown as Link;
  assert.equal(delivery.latencyMs, undefined);
  await delivery.ping(link);
  clock.ms += 30;
  await delivery.ping(link);
  clock.ms += 12;
  delivery.confirm(2);
  assert.equal(delivery.latencyMs, 12);
  // What was never asked, or answered before, changes nothing.
  clock.ms += 100;
  delivery.confirm(9);
  assert.equal(delivery.latencyMs, 12);
  delivery.reconnect(clock.ms);
  assert.equal(delivery.latencyMs, undefined);
});

pureTest("Delivery.run() says FLEETING in front of each message that is fleeting", async () => {
  const { outbox, delivery } = await setUp();
  const written = Promise.withResolvers<string>();
  const link = {
    write: (bytes: Uint8Array) => Promise.resolve(written.resolve(new TextDecoder().decode(bytes))),
    say: () => Promise.resolve(),
  };
  for (const [i, isFleeting] of [true, false, false, true, true].entries()) {
    const sequence = MESSAGES + i;
    outbox.add({ sequence, plaintext: new Uint8Array(1), at: 0, isNumbered: true, isFleeting });
  }
  const running = delivery.run(link as unknown as Link);
  const lines = (await written.promise).trimEnd().split("\n");
  delivery.stop();
  await running;
  const kinds = lines.map((line) => line.startsWith("gAAAAA") ? "token" : line);
  assert.deepEqual(kinds, [
    ...["!FLEETING", "token", "token", "token"],
    ...["!FLEETING", "token", "!FLEETING", "token"],
  ]);
});

pureTest("Delivery notes a token without a number before it is written", async () => {
  const log: string[] = [];
  const outbox = new Outbox();
  const delivery = new Delivery({
    keys: ringOf(await importKey(generateKey())),
    outbox,
    reader: { noteOwn: (token) => void log.push(`note ${token}`) },
    monotonic: () => 0,
  });
  const { promise: sent, resolve } = Promise.withResolvers<void>();
  const link = {
    write(lines: Uint8Array) {
      const tokens = new TextDecoder().decode(lines).trimEnd().split("\n");
      log.push(...tokens.map((token) => `write ${token}`));
      return Promise.resolve();
    },
    say: () => Promise.resolve(resolve()),
  } as unknown as Link;
  outbox.add({ sequence: 0, plaintext: new Uint8Array(1), at: 0, isNumbered: true });
  outbox.add({ sequence: 1, plaintext: new Uint8Array(2), at: 0, isNumbered: false });
  const running = delivery.run(link);
  await sent;
  delivery.stop();
  await running;
  assert.deepEqual(log.map((line) => line.split(" ")[0]), ["note", "write", "write"]);
  assert.equal(log[0]!.split(" ")[1], log[2]!.split(" ")[1]);
});

/** Has a delivery ping a link that takes everything. */
async function pinged(count: number) {
  const around = await setUp();
  const link = { say: () => Promise.resolve(), write: () => Promise.resolve() } as unknown as Link;
  for (let i = 0; i < count; i++) await around.delivery.ping(link, i);
  return around;
}

pureTest("Delivery.confirm() takes no answer to a ping that was not sent", async () => {
  const { delivery, clock } = await pinged(2);
  clock.ms = 5000;
  delivery.confirm(3);
  assert.equal(delivery.silentMs, 5000);
  delivery.confirm(2);
  assert.equal(delivery.silentMs, 0);
});

pureTest("Delivery.silentMs counts from the last answer, and not what was not read", async () => {
  const { delivery, clock } = await pinged(3);
  clock.ms = 5000;
  delivery.confirm(1);
  clock.ms = 7000;
  assert.equal(delivery.silentMs, 2000);
  delivery.excuse(1000);
  assert.equal(delivery.silentMs, 2000);
  delivery.excuse(1001);
  assert.equal(delivery.silentMs, 0);
});

pureTest("Delivery.silentMs and lagMs count no ping of a connection that is gone", async () => {
  const { delivery, clock } = await pinged(3);
  clock.ms = 90_000;
  delivery.confirm(1);
  clock.ms += 90_000;
  delivery.stop();
  assert.deepEqual([delivery.silentMs, delivery.lagMs], [90_000, 180_000]);
  delivery.reconnect(clock.ms);
  assert.deepEqual([delivery.silentMs, delivery.lagMs], [0, 0]);
});

pureTest("Delivery sends so many bytes between two pings", async () => {
  const { delivery, outbox, clock } = await setUp();
  clock.ms += 2 * RECENT_COPY_MS;
  const plaintext = new Uint8Array(MAX_SENT_AT_ONCE_BYTES / 2);
  for (let i = 0; i < 6; i++) {
    outbox.add({ sequence: MESSAGES + i, plaintext, at: 0, isNumbered: true });
  }
  const sent: string[] = [];
  const link = {
    say: ({ verb }: { verb: string }) => Promise.resolve(void sent.push(verb)),
    write: () => Promise.resolve(void sent.push("lines")),
    finish: () => Promise.resolve(),
  } as unknown as Link;
  const running = delivery.run(link);
  while (sent.length < 6) await new Promise((resolve) => setTimeout(resolve, 1));
  delivery.stop();
  await running;
  assert.deepEqual(sent, ["lines", "PING", "lines", "PING", "lines", "PING"]);
});

pureTest("Delivery.lagMs is the age of the oldest ping that is not answered", async () => {
  const { clock, delivery } = await setUp();
  const link = { say: () => Promise.resolve() } as unknown as Link;
  assert.equal(delivery.lagMs, 0);
  for (const ms of [100, 200]) {
    clock.ms = ms;
    await delivery.ping(link);
  }
  clock.ms = 1000;
  assert.equal(delivery.lagMs, 900);
  delivery.confirm(1);
  assert.equal(delivery.lagMs, 800);
  delivery.confirm(2);
  assert.equal(delivery.lagMs, 0);
});
