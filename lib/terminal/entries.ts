/**
 * What was entered and not taken yet.
 *
 * @module
 */

import type { UserInput } from "../chat/commands.ts";

/** Lines that were entered before the room can be written to. */
export const MAX_WAITING_INPUTS = 1000;

/**
 * Lines on their way from the keyboard to the room, 1,000 at most.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const entries = new Entries();
 * await entries.push("hello");
 * entries.end();
 * assert.deepEqual(await Array.fromAsync(entries.batches()), [["hello"]]);
 * ```
 */
export class Entries {
  readonly #lines: (string | UserInput)[] = [];
  readonly #end = Promise.withResolvers<void>();
  #hasEnded = false;
  #changed = Promise.withResolvers<void>();

  /** Settles when the user leaves. */
  get ended(): Promise<void> {
    return this.#end.promise;
  }

  /** Adds a line. It waits while `MAX_WAITING_INPUTS` lines are not taken: no line is lost. */
  async push(line: string | UserInput): Promise<void> {
    while (this.#lines.length >= MAX_WAITING_INPUTS && !this.#hasEnded) {
      await this.#changed.promise;
    }
    this.#lines.push(line);
    this.#notifyChange();
  }

  /** Says that no more lines come. */
  end(): void {
    this.#hasEnded = true;
    this.#end.resolve();
    this.#notifyChange();
  }

  /** Takes the lines, each alone, until the end. */
  async *batches(): AsyncGenerator<(string | UserInput)[]> {
    for (;;) {
      const changed = this.#changed.promise;
      const line = this.#lines.shift();
      if (line !== undefined) {
        this.#notifyChange();
        yield [line];
      } else if (this.#hasEnded) return;
      else await changed;
    }
  }

  #notifyChange(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}
