/**
 * Waiting longer and longer between attempts.
 *
 * @module
 */

/** First wait, in ms, before a client connects again. */
export const MIN_BACKOFF_MS = 500;
/** Longest wait, in ms, before a client connects again. */
export const MAX_BACKOFF_MS = 30_000;

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

/**
 * Tries until it works.
 *
 * @param attempt What is tried.
 * @param options `random`: from 0 to 1; `mayRetry`: whether to go on after an error; `signal`:
 * ends it.
 * @returns What the attempt returned; undefined if the signal came before.
 * @throws {unknown} The first error after which it does not go on.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const { signal } = new AbortController();
 * const options = { random: () => 0, mayRetry: () => true, signal };
 * assert.equal(await retry(() => Promise.resolve(7), options), 7);
 * ```
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  { random, mayRetry, signal }: {
    readonly random: () => number;
    readonly mayRetry: (error: unknown) => boolean;
    readonly signal: AbortSignal;
  },
): Promise<T | undefined> {
  for await (const _ of backOff(random, signal)) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayRetry(error)) throw error;
    }
  }
  return undefined;
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
