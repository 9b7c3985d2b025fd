/**
 * Waiting longer and longer between attempts.
 *
 * @module
 */

/** The limit of the first wait, in ms. */
export const MIN_BACKOFF_MS = 500;
/** The greatest limit of a wait, in ms. */
export const MAX_BACKOFF_MS = 30_000;

/** How far a back-off has come. */
export interface BackoffPace {
  /** The limit of the next wait, in ms. */
  limitMs: number;
}

/**
 * Exponential back-off with jitter, so that many clients do not come back at once.
 *
 * Each wait has a limit, which doubles from wait to wait. The wait takes half of its limit and a
 * random part of the other half.
 *
 * @param random Returns a number from 0 to 1.
 * @param signal Ends the present wait and the loop.
 * @param pace Where it stands: kept by a caller whose next loop is to go on from there.
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
  pace: BackoffPace = { limitMs: MIN_BACKOFF_MS },
): AsyncGenerator<number> {
  for (let attempt = 1;; attempt++) {
    const { limitMs } = pace;
    pace.limitMs = Math.min(2 * limitMs, MAX_BACKOFF_MS);
    await sleep(limitMs * (1 + random()) / 2, signal);
    if (signal.aborted) return;
    yield attempt;
  }
}

/**
 * Repeats an attempt until it succeeds. {@linkcode backOff} times the attempts, the first one too.
 *
 * @param attempt What is tried.
 * @param options `random` returns a number from 0 to 1. `mayRetry` tells whether another attempt
 * follows an error. `signal` ends the attempts. `pace` is where the waits begin, and is kept up.
 * @returns What the attempt returned; undefined if the signal came before.
 * @throws {unknown} The first error that `mayRetry` refuses.
 */
export async function retry<T>(
  attempt: () => Promise<T>,
  { random, mayRetry, signal, pace }: {
    readonly random: () => number;
    readonly mayRetry: (error: unknown) => boolean;
    readonly signal: AbortSignal;
    readonly pace?: BackoffPace;
  },
): Promise<T | undefined> {
  for await (const _ of backOff(random, signal, pace)) {
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
