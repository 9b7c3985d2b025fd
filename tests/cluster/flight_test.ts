import assert from "node:assert/strict";
import { Flight } from "../../lib/cluster/flight.ts";
import { FakeNats } from "../support/fake_nats.ts";
import { FakeTime } from "../support/fake_time.ts";
import { pureTest } from "../support/pure.ts";

const STORED = '{"stream":"s","seq":1}';

/** An entry that was not sent. */
function entry(n = 1) {
  const flags = { isStored: false, isBack: false, storedAt: 0 };
  return { n, payload: new Uint8Array([n]), ticket: n, bytes: 1, ...flags };
}

function open(isFollowing = () => false) {
  const stats = { resent: 0 };
  const held: (string | undefined)[] = [];
  const landed: number[] = [];
  const time = new FakeTime();
  const flight = new Flight({
    ...{ subject: "chat.x.a", now: () => time.now, stats, isFollowing },
    onHeld: (reason) => held.push(reason),
    onLanded: () => landed.push(time.now),
  });
  return { flight, nats: new FakeNats(), stats, held, landed, time };
}

pureTest("send() has the same entry sent again: after 2 s, a refusal, a new connection", () => {
  const { flight, nats, time, held, stats, landed } = open();
  using _time = time;
  assert.equal(flight.isFree, false);
  flight.attach(nats.connection);
  assert.equal(flight.isFree, true);
  const first = entry();
  flight.send(first);
  assert.deepEqual([flight.isFree, flight.entry], [false, first]);
  time.pass(1999);
  assert.equal(nats.sent.length, 1);
  time.pass(1);
  assert.equal(nats.sent.length, 2);
  nats.answer("", 503);
  assert.deepEqual(held, ["no JetStream answers"]);
  time.pass(249);
  assert.equal(nats.sent.length, 2);
  time.pass(1);
  assert.equal(nats.sent.length, 3);
  nats.answer('{"error":{"description":"maximum bytes exceeded"}}');
  nats.answer("nonsense");
  time.pass(250);
  nats.answer("nonsense");
  assert.deepEqual(held.slice(1), ["maximum bytes exceeded", "an answer that is none"]);
  flight.attach(undefined);
  time.pass(60_000);
  assert.equal(nats.sent.length, 4);
  flight.attach(nats.connection);
  assert.equal(nats.sent.length, 5);
  assert.deepEqual([first.isStored, landed], [false, []]);
  nats.answer(STORED);
  assert.equal(held.at(-1), undefined);
  assert.deepEqual([first.isStored, first.storedAt, landed], [true, time.now, [time.now]]);
  assert.deepEqual([stats.resent, flight.entry, flight.isFree], [4, undefined, true]);
  for (const sent of nats.sent) {
    assert.deepEqual([sent.subject, sent.bytes], ["chat.x.a", first.payload]);
  }
  time.pass(60_000);
  assert.equal(nats.sent.length, 5);
});

pureTest("send() asks for no answer while entries come back, but when it sends again", () => {
  const { flight, nats, time, landed } = open(() => true);
  using _time = time;
  flight.attach(nats.connection);
  flight.send(entry(1));
  assert.equal(nats.sent[0]!.reply, undefined);
  flight.land();
  assert.equal(landed.length, 1);
  flight.send(entry(2));
  time.pass(2000);
  assert.deepEqual(nats.sent.map(({ reply }) => reply === undefined), [true, true, false]);
  nats.answer(STORED);
  assert.equal(landed.length, 2);
});

pureTest("land() lets an answer that comes later change nothing", () => {
  const { flight, nats, time, held, landed } = open();
  using _time = time;
  flight.attach(nats.connection);
  flight.send(entry());
  flight.land();
  nats.answer("", 503);
  assert.deepEqual([held, landed.length, flight.isFree], [[undefined], 1, true]);
});

pureTest("send() says why, if the connection does not take an entry", () => {
  const { flight, nats, time, held } = open();
  using _time = time;
  nats.publish = () => {
    throw new Error("max_payload size exceeded");
  };
  flight.attach(nats.connection);
  flight.send(entry());
  assert.deepEqual(held, ["max_payload size exceeded"]);
  flight.repeat(entry());
  assert.equal(held.length, 2);
});
