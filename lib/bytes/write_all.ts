/**
 * Writing all of an array, although one `write()` may take only a part of it.
 *
 * @module
 */

/** A destination of bytes, such as `Deno.Conn` or `Deno.stdout`. */
export interface Writer {
  /** Writes the first of the bytes, and returns how many it wrote. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes bytes until none is left.
 *
 * @param writer No other write to it may run meanwhile.
 * @param bytes Any number of bytes, which may not change until this returns.
 * @throws {Error} Whatever `writer` throws.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const sizes: number[] = [];
 * const slow = { write: (bytes: Uint8Array) => Promise.resolve(sizes.push(bytes.length) && 1) };
 * await writeAll(slow, new Uint8Array(3));
 * assert.deepEqual(sizes, [3, 2, 1]);
 * ```
 */
export async function writeAll(writer: Writer, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    written += await writer.write(bytes.subarray(written));
  }
}
