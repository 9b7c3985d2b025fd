/**
 * Waiting for something that may never happen.
 *
 * @module
 */

/**
 * Waits until a promise settles, or for so long.
 *
 * @param promise Goes on by itself when time is up.
 * @param maxMs Longest wait, in ms.
 * @throws What the promise rejects with in time.
 * @example
 * ```ts
 * const { promise: never } = Promise.withResolvers<void>();
 * await settleWithin(never, 1);
 * ```
 */
export async function settleWithin(promise: Promise<unknown>, maxMs: number): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, maxMs);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
