/**
 * Waiting longer and longer between attempts.
 *
 * @module
 */

/** The limit of the first wait, in ms. */
export const MIN_BACKOFF_MS = 500;
/** The greatest limit of a wait, in ms. */
export const MAX_BACKOFF_MS = 30_000;

/**
 * Exponential back-off with jitter, so that many clients do not come back at once.
 *
 * Each wait has a limit, which doubles from wait to wait. The wait takes half of its limit and a
 * random part of the other half.
 *
 * @param random Returns a number from 0 to 1.
 * @param signal Ends the present wait and the loop.
 * @returns The number of each attempt, from 1, when its time has come.
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
 * Repeats an attempt until it succeeds. {@linkcode backOff} times the attempts, the first one too.
 *
 * @param attempt What is tried.
 * @param options `random` returns a number from 0 to 1. `mayRetry` tells whether another attempt
 * follows an error. `signal` ends the attempts.
 * @returns What the attempt returned; undefined if the signal came before.
 * @throws {unknown} The first error that `mayRetry` refuses.
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
