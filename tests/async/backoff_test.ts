import assert from "node:assert/strict";
import { backOff, MAX_BACKOFF_MS, MIN_BACKOFF_MS, retry } from "../../lib/async/backoff.ts";
import { pureTest } from "../support/pure.ts";

/** Does something in which no timer is waited for, and gives the times asked for. */
async function withoutWaiting(fn: () => Promise<void>): Promise<number[]> {
  const setTimer = globalThis.setTimeout;
  const waits: number[] = [];
  const expireAtOnce = (callback: () => void, ms: number) => {
    waits.push(ms);
    queueMicrotask(callback);
    return 0;
  };
  globalThis.setTimeout = expireAtOnce as unknown as typeof setTimeout;
  try {
    await fn();
    return waits;
  } finally {
    globalThis.setTimeout = setTimer;
  }
}

/** The waits before so many attempts. */
async function waitsOf(random: () => number, count: number): Promise<number[]> {
  return await withoutWaiting(async () => {
    const attempts: number[] = [];
    for await (const attempt of backOff(random, new AbortController().signal)) {
      attempts.push(attempt);
      if (attempt === count) break;
    }
    assert.deepEqual(attempts, Array.from({ length: count }, (_, i) => i + 1));
  });
}

pureTest("backOff() waits twice as long each time, up to 30 s", async () => {
  const limits = [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000];
  assert.deepEqual(await waitsOf(() => 1, 9), limits);
  assert.deepEqual(await waitsOf(() => 0, 9), limits.map((ms) => ms / 2));
});

pureTest("backOff() leaves half of each wait to chance, within its bounds", async () => {
  const waits = await waitsOf(Math.random, 200);
  let limit = MIN_BACKOFF_MS;
  for (const wait of waits) {
    assert.ok(wait >= limit / 2 && wait <= limit, `${wait} of ${limit}`);
    limit = Math.min(2 * limit, MAX_BACKOFF_MS);
  }
  assert.ok(new Set(waits).size > 100);
});

pureTest("backOff() ends at once when it is aborted, while it waits or before", async () => {
  const abort = new AbortController();
  const waiting = backOff(() => 1, abort.signal).next();
  abort.abort();
  assert.deepEqual(await waiting, { done: true, value: undefined });
  const again = await backOff(() => 1, abort.signal).next();
  assert.deepEqual(again, { done: true, value: undefined });
});

pureTest("backOff() sets no timer going for one that is aborted already", async () => {
  const setTimer = globalThis.setTimeout;
  globalThis.setTimeout = (() => 0) as unknown as typeof setTimeout;
  try {
    const abort = new AbortController();
    abort.abort();
    const ending = backOff(() => 1, abort.signal).next().then(() => "ended");
    let turns = 0;
    const waiting = (async () => {
      while (turns++ < 50) await undefined;
      return "waiting";
    })();
    assert.equal(await Promise.race([ending, waiting]), "ended");
  } finally {
    globalThis.setTimeout = setTimer;
  }
});

pureTest("retry() tries until it works, and waits before each attempt", async () => {
  const waits = await withoutWaiting(async () => {
    let attempts = 0;
    const attempt = () => ++attempts < 4 ? Promise.reject(new Error("no")) : Promise.resolve(7);
    const { signal } = new AbortController();
    assert.equal(await retry(attempt, { random: () => 1, mayRetry: () => true, signal }), 7);
  });
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
});

pureTest("retry() throws the first error after which it may not go on", async () => {
  const waits = await withoutWaiting(async () => {
    let attempts = 0;
    const attempt = () => Promise.reject(new Error(`attempt ${++attempts}`));
    const mayRetry = (error: unknown) => (error as Error).message !== "attempt 3";
    const { signal } = new AbortController();
    await assert.rejects(retry(attempt, { random: () => 0, mayRetry, signal }), {
      message: "attempt 3",
    });
  });
  assert.equal(waits.length, 3);
});

pureTest("retry() ends without a result when it is aborted", async () => {
  const abort = new AbortController();
  const attempt = () => Promise.reject(new Error("no"));
  const { signal } = abort;
  const retrying = retry(attempt, { random: () => 1, mayRetry: () => true, signal });
  abort.abort();
  assert.equal(await retrying, undefined);
});
