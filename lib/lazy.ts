/**
 * Values that are made when they are first needed.
 *
 * @module
 */

/**
 * Puts off what takes time, and is not always needed.
 *
 * @param make Makes the value; not called again unless it throws.
 * @returns What gives the value, always the same one.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let made = 0;
 * const value = lazy(() => ++made);
 * assert.equal(made, 0);
 * assert.deepEqual([value(), value()], [1, 1]);
 * ```
 */
export function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
