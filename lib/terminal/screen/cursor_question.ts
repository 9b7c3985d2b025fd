/**
 * Asking the terminal where its cursor is.
 *
 * @module
 */

import type { Schedule } from "../../async/schedule.ts";
import type { CursorPosition } from "./prompt_area.ts";

/** Longest wait for a terminal to tell where its cursor is, in ms. */
export const CURSOR_ANSWER_MS = 100;

const ASK = "\x1b[6n";

/**
 * Asks one question at a time. All callers that ask before the answer comes get the same answer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { scheduleByTimer } from "../../async/schedule.ts";
 * const question = new CursorQuestion(() => Promise.resolve(), scheduleByTimer);
 * const asked = question.ask();
 * question.answer({ row: 3, column: 4 });
 * assert.deepEqual(await asked, { row: 3, column: 4 });
 * ```
 */
export class CursorQuestion {
  readonly #write: (text: string) => Promise<void>;
  readonly #schedule: Schedule;
  #resolve: ((position: CursorPosition | undefined) => void) | undefined;
  #asked: Promise<CursorPosition | undefined> | undefined;

  /** @param write Writes to the terminal; `schedule`: for one that does not answer. */
  constructor(write: (text: string) => Promise<void>, schedule: Schedule) {
    this.#write = write;
    this.#schedule = schedule;
  }

  /** Where the cursor is; undefined if the terminal is gone, or does not answer in time. */
  ask(): Promise<CursorPosition | undefined> {
    return this.#asked ??= this.#ask();
  }

  /** Takes the answer of the terminal. Without a question, the answer has no effect. */
  answer(position: CursorPosition | undefined): void {
    this.#resolve?.(position);
  }

  async #ask(): Promise<CursorPosition | undefined> {
    const { promise, resolve } = Promise.withResolvers<CursorPosition | undefined>();
    this.#resolve = resolve;
    const cancel = this.#schedule(() => resolve(undefined), CURSOR_ANSWER_MS);
    this.#write(ASK).catch(() => resolve(undefined));
    try {
      return await promise;
    } finally {
      cancel();
      this.#asked = this.#resolve = undefined;
    }
  }
}
