/**
 * Waiting with an end: a test that hangs says what it waited for.
 *
 * @module
 */

/** Waits for a promise; after that many seconds fails with what `state` says. */
export async function within<T>(
  seconds: number,
  state: () => string,
  promise: Promise<T>,
): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`After ${seconds} s: ${state()}`)),
    seconds * 1000,
  );
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
