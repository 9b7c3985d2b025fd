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
