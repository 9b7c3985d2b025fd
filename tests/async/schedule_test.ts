import assert from "node:assert/strict";
import { scheduleByTimer } from "../../lib/async/schedule.ts";
import { pureTest } from "../support/pure.ts";

pureTest("scheduleByTimer() calls back once, and not before its time", async () => {
  const { promise: called, resolve } = Promise.withResolvers<void>();
  let calls = 0;
  const start = performance.now();
  scheduleByTimer(() => {
    calls++;
    resolve();
  }, 30);
  assert.equal(calls, 0);
  await called;
  // Timers may be early by a fraction of a millisecond.
  assert.ok(performance.now() - start >= 29);
  assert.equal(calls, 1);
});

pureTest("scheduleByTimer() returns what cancels its call, and no other", async () => {
  const calls: string[] = [];
  const { promise: last, resolve } = Promise.withResolvers<void>();
  const cancel = scheduleByTimer(() => calls.push("cancelled"), 1);
  scheduleByTimer(() => calls.push("kept"), 1);
  cancel();
  scheduleByTimer(resolve, 20);
  await last;
  assert.deepEqual(calls, ["kept"]);
});

pureTest("scheduleByTimer() takes a cancellation after its call", async () => {
  const { promise: called, resolve } = Promise.withResolvers<void>();
  const cancel = scheduleByTimer(resolve, 0);
  await called;
  cancel();
  cancel();
});
