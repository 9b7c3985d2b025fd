/**
 * Bytes that are signed or hashed: a label, a zero byte, and the parts.
 *
 * The label keeps a signature made for one purpose from serving another.
 *
 * @module
 */

/**
 * Makes the bytes of a label.
 *
 * @param name ASCII without zero bytes.
 * @returns The name and a zero byte.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(label("a"), new Uint8Array([0x61, 0]));
 * ```
 */
export function label(name: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${name}\0`);
}

/**
 * Joins bytes.
 *
 * @param parts In order.
 * @returns A new array.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(concat(label("a"), new Uint8Array([7])), new Uint8Array([0x61, 0, 7]));
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
