import assert from "node:assert/strict";
import { parseEntry } from "../../lib/cluster/entry.ts";
import { Publisher } from "../../lib/cluster/publisher.ts";
import { FakeNats } from "../support/fake_nats.ts";
import { pureTest } from "../support/pure.ts";
import { fakeToken } from "../support/raw_client.ts";
import { FakeTime } from "../support/fake_time.ts";

const ALICE = { cid: 3 * 2 ** 25 + 7, peerClass: "member" } as const;
const LINE = new TextEncoder().encode(`${fakeToken("x")}\n`);
const STORED = '{"stream":"s","seq":1}';

function open() {
  const stats = { published: 0, resent: 0, outboxBytes: 0 };
  const held: (string | undefined)[] = [];
  const time = new FakeTime();
  const stream = { isFollowed: false };
  const publisher = new Publisher({
    ...{ relay: "a", run: 3, subject: "chat.x.a", stats, isFollowing: () => stream.isFollowed },
    ...{ now: () => time.now, onHeld: (reason) => held.push(reason) },
  });
  const nats = new FakeNats();
  const numbers = () => {
    return nats.sent.map(({ bytes }) => Number(new TextDecoder().decode(bytes).split(" ")[3]));
  };
  return { publisher, nats, stats, held, time, numbers, stream };
}

function say(publisher: Publisher, count = 1): void {
  for (let i = 0; i < count; i++) publisher.publish(ALICE, LINE, 1, false);
}

pureTest("Publisher has one entry in flight, and what came meanwhile in the next", async () => {
  const { publisher, nats, numbers, time } = open();
  using _time = time;
  publisher.attach(nats.connection);
  say(publisher, 2);
  await undefined;
  say(publisher, 3);
  await undefined;
  assert.deepEqual(numbers(), [1]);
  assert.equal(publisher.lastStored, 0);
  nats.answer(STORED);
  await undefined;
  assert.deepEqual(numbers(), [1, 2]);
  const [first, second] = nats.sent.map(({ bytes }) => parseEntry(bytes).parts[0]);
  assert.equal(first?.kind === "lines" && first.lines, 2);
  assert.equal(second?.kind === "lines" && second.lines, 3);
  assert.equal(nats.sent[0]!.subject, "chat.x.a");
  assert.equal(publisher.lastStored, 1);
});

pureTest("Publisher takes lines when they have come back, and so are stored", async () => {
  const { publisher, nats, time, stats } = open();
  using _time = time;
  publisher.attach(nats.connection);
  assert.equal(publisher.taken(ALICE.cid), undefined);
  for (const isAcknowledged of [true, false]) {
    say(publisher);
    await undefined;
    let isTaken = false;
    const taken = publisher.taken(ALICE.cid)!.then(() => isTaken = true);
    const { n } = parseEntry(nats.sent.at(-1)!.bytes);
    if (isAcknowledged) nats.answer(STORED);
    await undefined;
    await undefined;
    assert.equal(isTaken, false);
    publisher.noteBack(n);
    await taken;
    assert.equal(publisher.lastStored, n);
    assert.equal(publisher.taken(ALICE.cid), undefined);
    assert.equal(stats.outboxBytes, 0);
  }
  await publisher.untilIdle();
});

pureTest("Publisher is full above 8 MiB, whether in the queue or on the way", async () => {
  const { publisher, nats, time } = open();
  using _time = time;
  publisher.attach(nats.connection);
  const big = new Uint8Array(64 * 1024).fill(65);
  big[big.length - 1] = 10;
  for (let i = 0; i < 127; i++) publisher.publish(ALICE, big, 1, false);
  assert.equal(publisher.isFull, false);
  publisher.publish(ALICE, big, 1, false);
  assert.equal(publisher.isFull, true);
  let hasRoom = false;
  const room = publisher.untilRoom().then(() => hasRoom = true);
  await undefined;
  nats.answer(STORED);
  await undefined;
  assert.equal(hasRoom, false);
  publisher.noteBack(1);
  await room;
  assert.equal(publisher.isFull, false);
});

pureTest("Publisher knows what it has published, byte for byte", async () => {
  const { publisher, nats, time } = open();
  using _time = time;
  publisher.attach(nats.connection);
  say(publisher);
  await undefined;
  const { bytes } = nats.sent[0]!;
  assert.equal(publisher.hasPublished(1, bytes), true);
  assert.equal(publisher.hasPublished(1, bytes.with(20, 0)), false);
  assert.deepEqual(publisher.recognize(bytes.slice()), parseEntry(bytes));
  assert.equal(publisher.recognize(bytes.with(20, 0)), undefined);
  assert.equal(publisher.recognize(bytes.subarray(1)), undefined);
  assert.equal(publisher.hasPublished(2, bytes), false);
  assert.deepEqual([publisher.isOld(0), publisher.isOld(1)], [true, false]);
  nats.answer(STORED);
  assert.equal(publisher.recognize(bytes), undefined);
  publisher.noteBack(1);
  assert.equal(publisher.hasPublished(1, bytes), true);
  time.pass(60_001);
  publisher.sweep();
  assert.equal(publisher.hasPublished(1, bytes), false);
  assert.equal(publisher.isOld(1), true);
  assert.equal(publisher.isOld(2), false);
});

pureTest("Publisher publishes again what others miss, not too soon and 1 MiB at once", async () => {
  const { publisher, nats, time, numbers } = open();
  using _time = time;
  publisher.attach(nats.connection);
  const big = new Uint8Array(100 * 1024).fill(65);
  big[big.length - 1] = 10;
  for (let n = 1; n <= 12; n++) {
    publisher.publish(ALICE, big, 1, false);
    await undefined;
    nats.answer(STORED);
    publisher.noteBack(n);
  }
  const before = nats.sent.length;
  publisher.repair(1, 12);
  assert.equal(nats.sent.length, before);
  time.pass(2000);
  publisher.repair(2, 1e15);
  assert.deepEqual(numbers().slice(before), [2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  publisher.repair(2, 12);
  assert.deepEqual(numbers().slice(before + 10), [12]);
});

pureTest("Publisher publishes again what is stored and has not come back for 5 s", async () => {
  const { publisher, nats, time, numbers, stream } = open();
  using _time = time;
  publisher.attach(nats.connection);
  say(publisher);
  await undefined;
  nats.answer(STORED);
  time.pass(5001);
  publisher.sweep();
  assert.deepEqual(numbers(), [1]);
  stream.isFollowed = true;
  publisher.sweep();
  assert.deepEqual(numbers(), [1, 1]);
  time.pass(5000);
  publisher.sweep();
  assert.deepEqual(numbers(), [1, 1]);
});

pureTest("Publisher publishes who comes and goes in the same queue", async () => {
  const { publisher, nats, time } = open();
  using _time = time;
  publisher.attach(nats.connection);
  publisher.announce("JOINED", ALICE.cid);
  say(publisher);
  publisher.announce("GONE", ALICE.cid);
  publisher.publishMembers();
  await undefined;
  const kinds = parseEntry(nats.sent[0]!.bytes).parts.map(({ kind }) => kind);
  assert.deepEqual(kinds, ["JOINED", "lines", "GONE", "members"]);
  assert.equal(publisher.members, 0);
});
