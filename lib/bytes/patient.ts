/**
 * Reading and writing streams that may be set to non-blocking mode.
 *
 * The mode of a pipe or a terminal belongs to all processes that have it open, and any of them may
 * set it. A call then fails where it would have to wait.
 *
 * @module
 */

import { KIB } from "./units.ts";
import type { Writer } from "./write_all.ts";

/** First wait, in ms, before a call is made again. */
export const MIN_PATIENCE_MS = 1;
/** Longest wait, in ms, before a call is made again: nobody who types notices it. */
export const MAX_PATIENCE_MS = 32;
/** Bytes that are read at once. */
export const READ_BYTES = 64 * KIB;

/** A source of bytes, such as `Deno.stdin`. */
export interface Reader {
  /** Reads some bytes, and tells how many; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
}

/**
 * Makes a call that may have to wait, again and again until it does not.
 *
 * @param call Throws `Deno.errors.WouldBlock` if it would have to wait.
 * @returns What the call returned.
 * @throws {Error} Any other error of the call.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let calls = 0;
 * const call = () => ++calls < 3 ? Promise.reject(new Deno.errors.WouldBlock()) : Promise.resolve(7);
 * assert.equal(await callPatiently(call), 7);
 * ```
 */
export async function callPatiently<T>(call: () => Promise<T>): Promise<T> {
  for (let ms = MIN_PATIENCE_MS;; ms = Math.min(2 * ms, MAX_PATIENCE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof Deno.errors.WouldBlock)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
  }
}

/**
 * Makes a writer that waits where the stream can take nothing.
 *
 * @param writer Nobody else may write to it meanwhile.
 */
export function patientWriter(writer: Writer): Writer {
  return { write: (bytes) => callPatiently(() => writer.write(bytes)) };
}

/**
 * Reads to the end of a stream, and waits where it has nothing yet.
 *
 * @param reader Nobody else may read from it meanwhile.
 * @returns The bytes as they come; each chunk is a fresh array.
 * @throws {Error} Any error of the reader but `Deno.errors.WouldBlock`.
 */
export async function* readPatiently(reader: Reader): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(READ_BYTES);
  for (;;) {
    const length = await callPatiently(() => reader.read(buffer));
    if (length === null) return;
    yield buffer.slice(0, length);
  }
}
