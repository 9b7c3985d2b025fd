/**
 * What a program says on standard error.
 *
 * A program never depends on it: standard error may be a full disk, a pipe that nobody reads, or
 * closed.
 *
 * @module
 */

import { settleWithin } from "../async/within.ts";
import { MIB } from "../bytes/units.ts";

/** Bytes that wait for a standard error that takes nothing. The oldest go first. */
export const MAX_WAITING_DIAGNOSTIC_BYTES = MIB;
/** Longest wait, in ms, of a program that ends for standard error to take what was said. */
export const DIAGNOSTICS_WAIT_MS = 300;
/** Longest wait, in ms, of standard output for standard error. */
export const DIAGNOSTICS_ORDER_MS = 100;

/**
 * Writes lines in the order of the calls, one write at a time. A line that cannot be written is
 * dropped. Nobody has to wait for a line, and no call throws.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * let text = "";
 * const write = (bytes: Uint8Array) => Promise.resolve(void (text += new TextDecoder().decode(bytes)));
 * const diagnostics = new Diagnostics(write);
 * diagnostics.report("error: no such file");
 * await diagnostics.settle();
 * assert.equal(text, "error: no such file\n");
 * ```
 */
export class Diagnostics {
  readonly #write: (bytes: Uint8Array) => Promise<unknown>;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Settles when nothing waits; never rejects. */
  #writing: Promise<void> | undefined;
  /** Whether what is being written has taken longer than anybody waits. */
  #isStuck = false;

  /** @param write Writes all of the bytes; called again only when it has settled. */
  constructor(write: (bytes: Uint8Array) => Promise<unknown>) {
    this.#write = write;
  }

  /** Says a line, or several with LF between them. */
  readonly report = (line: string): void => {
    void this.write(new TextEncoder().encode(`${line}\n`));
  };

  /**
   * Adds bytes.
   *
   * @param bytes Whole lines.
   * @returns When all that was added is written, or dropped. It never rejects.
   */
  write(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    while (this.#waitingBytes > MAX_WAITING_DIAGNOSTIC_BYTES && this.#waiting.length > 1) {
      this.#waitingBytes -= this.#waiting.shift()!.length;
    }
    return this.#writing ??= this.#writeWaiting();
  }

  /** Waits until all that was said is written: for 300 ms at most. */
  async settle(): Promise<void> {
    await settleWithin(this.#writing ?? Promise.resolve(), DIAGNOSTICS_WAIT_MS);
  }

  /**
   * Waits until what comes next may be written to standard output: both may lead to one terminal.
   * This is 100 ms at most, and not at all while standard error has taken nothing for so long.
   */
  async keepOrder(): Promise<void> {
    if (!this.#writing || this.#isStuck) return;
    await settleWithin(this.#writing, DIAGNOSTICS_ORDER_MS);
    this.#isStuck = this.#writing !== undefined;
  }

  async #writeWaiting(): Promise<void> {
    for (let bytes = this.#waiting.shift(); bytes; bytes = this.#waiting.shift()) {
      this.#waitingBytes -= bytes.length;
      await this.#write(bytes).catch(dropLine);
      this.#isStuck = false;
    }
    this.#writing = undefined;
  }
}

/** What cannot be said is left unsaid: the program's work does not depend on it. */
function dropLine(_error: unknown): void {}
