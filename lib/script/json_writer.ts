/**
 * Writes lines for a bot to standard output.
 *
 * @module
 */

import { formatJsonLine } from "../text/json_text.ts";
import type { JsonOutput } from "./json_types.ts";
import { TextWriter } from "./text_writer.ts";

/** A line whose time is the time at which it is written. */
export type JsonRemark = JsonOutput extends infer Line
  ? Line extends JsonOutput ? Omit<Line, "time">
  : never
  : never;

/**
 * Writes lines in the order of the calls.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let output = "";
 * const writer = new JsonWriter(
 *   (bytes) => Promise.resolve(void (output += new TextDecoder().decode(bytes))),
 *   () => 1785571200_999,
 * );
 * await writer.remark({ type: "taken", ref: 1 });
 * assert.equal(output, '{"type":"taken","time":1785571200,"ref":1}\n');
 * ```
 */
export class JsonWriter {
  readonly #writer: TextWriter;
  readonly #now: () => number;

  /**
   * @param write Writes all of the bytes.
   * @param now The clock, in ms since 1970.
   */
  constructor(write: (bytes: Uint8Array) => Promise<void>, now: () => number) {
    this.#writer = new TextWriter(write);
    this.#now = now;
  }

  /** The time of now, in unix seconds. */
  get time(): number {
    return Math.floor(this.#now() / 1000);
  }

  /**
   * Writes lines that have a time already.
   *
   * @returns When these lines, and all before them, are written.
   * @throws {Error} As the constructor's `write` throws it.
   */
  write(...lines: readonly JsonOutput[]): Promise<void> {
    return this.#writer.write(lines.map(formatJsonLine).join(""));
  }

  /** Writes lines with the time of now. Otherwise like {@linkcode write}. */
  remark(...remarks: readonly JsonRemark[]): Promise<void> {
    const { time } = this;
    return this.write(
      ...remarks.map(({ type, ...rest }) => ({ type, time, ...rest } as JsonOutput)),
    );
  }
}
