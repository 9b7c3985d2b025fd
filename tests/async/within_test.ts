import assert from "node:assert/strict";
import { settleWithin } from "../../lib/async/within.ts";
import { pureTest } from "../support/pure.ts";

/** Longer than any test waits, in ms: a timer that is left behind fails the test. */
const LONG_MS = 60_000;

pureTest("settleWithin() ends with its promise, and leaves no timer", async () => {
  const start = performance.now();
  await settleWithin(Promise.resolve(1), LONG_MS);
  assert.ok(performance.now() - start < LONG_MS / 2);
});

pureTest("settleWithin() waits for a promise that settles in time", async () => {
  let isSettled = false;
  const slow = new Promise((resolve) => setTimeout(resolve, 20)).then(() => isSettled = true);
  await settleWithin(slow, LONG_MS);
  assert.equal(isSettled, true);
});

pureTest("settleWithin() ends when time is up, and not before", async () => {
  const { promise: never } = Promise.withResolvers<void>();
  const start = performance.now();
  await settleWithin(never, 30);
  assert.ok(performance.now() - start >= 29);
});

pureTest("settleWithin() throws what its promise rejects with, and leaves no timer", async () => {
  const error = new RangeError("too much");
  await assert.rejects(settleWithin(Promise.reject(error), LONG_MS), error);
});
