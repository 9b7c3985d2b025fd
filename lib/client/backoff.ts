/**
 * Waiting longer and longer between attempts.
 *
 * @module
 */

import { MAX_BACKOFF_MS, MIN_BACKOFF_MS } from "../limits.ts";

/**
 * Exponential back-off with jitter, so that many clients do not come back at once: each wait
 * is up to twice as long as the one before, and half of it is random.
 *
 * @param random From 0 to 1.
 * @param signal Ends the present wait, and all.
 * @returns The number of each attempt, when its time has come.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * for await (const attempt of backOff(() => 0, new AbortController().signal)) {
 *   assert.equal(attempt, 1);
 *   break;
 * }
 * ```
 */
export async function* backOff(
  random: () => number,
  signal: AbortSignal,
): AsyncGenerator<number> {
  let limit = MIN_BACKOFF_MS;
  for (let attempt = 1;; attempt++) {
    await sleep(limit * (1 + random()) / 2, signal);
    if (signal.aborted) return;
    yield attempt;
    limit = Math.min(2 * limit, MAX_BACKOFF_MS);
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = () => resolve();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) resolve();
  await promise;
  signal.removeEventListener("abort", stop);
  clearTimeout(timer);
}
