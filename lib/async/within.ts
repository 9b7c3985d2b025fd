/**
 * Waiting for something that may never happen.
 *
 * @module
 */

/**
 * Waits until a promise settles, for a limited time. Returns in either case.
 *
 * @param promise Nothing cancels it when the time is up.
 * @param maxMs Longest wait, in ms.
 * @throws {unknown} What the promise rejects with in time.
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
