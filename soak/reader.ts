/**
 * Reading one connection at some pace, and checking each line.
 *
 * @module
 */

import type { Link } from "./link.ts";
import type { Pace } from "./plan.ts";
import type { Random } from "./random.ts";
import { sleep } from "./sleep.ts";
import type { View } from "./view.ts";

const LF = 0x0a;
/** Longer than any line: what is left of one always leaves room to read. */
const BUFFER_BYTES = 128 * 1024;
const SLOW_READ_BYTES = 2048;
const LONGEST_LINE_BYTES = 65_536;

/** How a connection's input ended. */
export type InputEnd = "end" | "reset";

/** Reads a connection to its end. */
export class Reader {
  readonly #conn: Link;
  readonly #view: View;
  readonly #random: Random;
  readonly #hurry = new AbortController();
  #pace: Pace;
  #returnsAt = 0;
  #held: PromiseWithResolvers<void> | undefined;
  #isStopped = false;
  /** How the input ended; never rejects. */
  readonly ended: Promise<InputEnd>;

  /** Starts to read at once. */
  constructor(conn: Link, view: View, pace: Pace, random: Random) {
    this.#conn = conn;
    this.#view = view;
    this.#pace = pace;
    this.#random = random;
    this.ended = this.#read();
  }

  /** From now on it reads all that comes. */
  hurry(): void {
    this.#pace = "fast";
    this.#hurry.abort();
  }

  /** From now on it reads nothing more, until `stop()`. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  /** From now on it takes nothing more into account: the connection is about to be closed. */
  stop(): void {
    this.#isStopped = true;
    this.#held?.resolve();
    this.#hurry.abort();
  }

  async #read(): Promise<InputEnd> {
    const buffer = new Uint8Array(BUFFER_BYTES);
    let length = 0;
    try {
      for (;;) {
        await this.#pause();
        const space = buffer.subarray(length);
        const target = this.#pace === "slow" ? space.subarray(0, SLOW_READ_BYTES) : space;
        const bytes = await this.#conn.read(target);
        if (this.#isStopped) return "end";
        if (bytes === null) break;
        length = this.#split(buffer, length, length + bytes);
        if (length > LONGEST_LINE_BYTES) throw new RangeError("line too long");
      }
    } catch (error) {
      if (error instanceof RangeError) this.#view.unfinished(buffer.subarray(0, length));
      return "reset";
    }
    if (length > 0 && this.#pace === "fast" && !this.#hurry.signal.aborted) {
      this.#view.unfinished(buffer.subarray(0, length));
    }
    return "end";
  }

  /** Checks the whole lines in `buffer[0..end)` and returns the length of what is left. */
  #split(buffer: Uint8Array, searchFrom: number, end: number): number {
    let lineStart = 0;
    for (let from = searchFrom;;) {
      const lf = buffer.indexOf(LF, from);
      if (lf < 0 || lf >= end) break;
      this.#view.line(buffer, lineStart, lf);
      from = lineStart = lf + 1;
    }
    if (lineStart > 0) buffer.copyWithin(0, lineStart, end);
    return end - lineStart;
  }

  async #pause(): Promise<void> {
    if (this.#held) await this.#held.promise;
    const pace = this.#pace;
    if (pace === "fast" || !this.#view.isConfirmed) return;
    const { signal } = this.#hurry;
    if (pace === "slow") return await sleep(this.#random.int(300, 1000), signal);
    const now = performance.now();
    if (this.#returnsAt === 0) this.#returnsAt = now + this.#random.int(500, 4000);
    if (now < this.#returnsAt) return;
    await sleep(pace === "stuck" ? 2 ** 31 - 1 : this.#random.int(1000, 9000), signal);
    this.#returnsAt = performance.now() + this.#random.int(500, 4000);
  }
}
