/**
 * Joining bytes.
 *
 * @module
 */

/**
 * Joins bytes.
 *
 * @param parts In order.
 * @returns A new array.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(concat(new Uint8Array([1, 2]), new Uint8Array([3])), new Uint8Array([1, 2, 3]));
 * ```
 */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
