/**
 * What is printed above the prompt: messages, remarks, and the days between them.
 *
 * @module
 */

import type { ShownMessage } from "../../client/events.ts";
import type { Say } from "../../messages/phrases.ts";
import type { Item } from "../screen/draw.ts";
import type { Theme } from "../screen/theme.ts";
import { formatDateLine, formatMessage, formatSystem } from "./format.ts";
import { DateLine, type LocalTime } from "./local_time.ts";

/** What a {@linkcode Presenter} works with. */
export interface PresenterParts {
  readonly theme: Theme;
  readonly say: Say;
  readonly time: LocalTime;
  readonly hasTimestamps: boolean;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
}

/**
 * Lays out what happens, in its order.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * import { LocalTime } from "./local_time.ts";
 * import { makeTheme } from "../screen/theme.ts";
 * const presenter = new Presenter({
 *   theme: makeTheme(0),
 *   say: sayIn("en"),
 *   time: new LocalTime("en", "UTC"),
 *   hasTimestamps: false,
 *   now: () => 0,
 * });
 * assert.deepEqual(presenter.remark("hello").flatMap((item) => item(80)), ["-- hello"]);
 * ```
 */
export class Presenter {
  readonly #parts: PresenterParts;
  readonly #dateLine: DateLine;
  #hasTimestamps: boolean;

  /** @param parts With what, and how it looks. */
  constructor(parts: PresenterParts) {
    this.#parts = parts;
    this.#dateLine = new DateLine(parts.time);
    this.#hasTimestamps = parts.hasTimestamps;
  }

  /** Turns the times on or off, for what comes from now on; tells whether they are on. */
  toggleTimestamps(): boolean {
    return this.#hasTimestamps = !this.#hasTimestamps;
  }

  /**
   * Lays out a message.
   *
   * @param message Its text comes from others and need not be safe yet.
   * @param ownNickname Stands out in a mention.
   * @returns What to print.
   */
  message(message: ShownMessage, ownNickname: string): Item[] {
    const { theme, say, time } = this.#parts;
    const settings = { theme, say, time, hasTimestamps: this.#hasTimestamps, ownNickname };
    return [...this.#date(message.time), formatMessage(message, settings)];
  }

  /**
   * Lays out what the client itself says.
   *
   * @param text May hold words of others.
   * @param isAlert Whether it is a warning.
   * @returns What to print.
   */
  remark(text: string, isAlert = false): Item[] {
    const { theme, time, now } = this.#parts;
    const seconds = Math.floor(now() / 1000);
    const settings = { theme, time, hasTimestamps: this.#hasTimestamps };
    return [...this.#date(seconds), formatSystem(text, { time: seconds, isAlert }, settings)];
  }

  #date(seconds: number): Item[] {
    const line = this.#hasTimestamps ? this.#dateLine.next(seconds) : undefined;
    return line === undefined ? [] : [formatDateLine(line, this.#parts.theme)];
  }
}
