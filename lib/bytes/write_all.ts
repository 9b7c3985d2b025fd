/**
 * Writing all of some bytes: one `write()` may take only a part of them.
 *
 * @module
 */

/** A destination of bytes, such as `Deno.Conn` or `Deno.stdout`. */
export interface Writer {
  /** Writes some of the bytes and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
}

/**
 * Writes bytes until none is left.
 *
 * @param writer Nobody else may write to it meanwhile.
 * @param bytes Any number of bytes; not to be changed until this returns.
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
