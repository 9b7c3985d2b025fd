import assert from "node:assert/strict";
import { Due } from "../../lib/async/due.ts";
import { FakeTime } from "../support/fake_time.ts";
import { pureTest } from "../support/pure.ts";

function open() {
  const time = new FakeTime();
  const ran: number[] = [];
  const due = new Due(() => ran.push(time.now), () => time.now);
  return { time, ran, due };
}

pureTest("Due runs once when the time is over", () => {
  const { time, ran, due } = open();
  using _time = time;
  due.in(100);
  time.pass(99);
  assert.deepEqual(ran, []);
  time.pass(1000);
  assert.deepEqual(ran, [100]);
});

pureTest("Due is put off, brought forward and cancelled", () => {
  const { time, ran, due } = open();
  using _time = time;
  due.in(100);
  time.pass(50);
  due.in(100);
  time.pass(99);
  assert.deepEqual(ran, []);
  due.in(20);
  time.pass(20);
  assert.deepEqual(ran, [169]);
  due.in(10);
  due.cancel();
  time.pass(1000);
  assert.deepEqual(ran, [169]);
  due.in(5);
  time.pass(5);
  assert.deepEqual(ran, [169, 1174]);
});
