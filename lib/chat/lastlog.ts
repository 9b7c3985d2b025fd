/**
 * The messages of this run of a client, to be searched.
 *
 * @module
 */

import type { ShownMessage } from "../client/events.ts";
import { MAX_LASTLOG_CHARS, MAX_LASTLOG_MESSAGES } from "./limits.ts";

/**
 * The last messages: 10,000 of them, or 4 Mi characters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(new Lastlog().find("hello"), []);
 * ```
 */
export class Lastlog {
  /** The oldest is at `#first`; those in front of it are forgotten. */
  #messages: ShownMessage[] = [];
  #first = 0;
  #chars = 0;

  /** Notes a message. */
  add(message: ShownMessage): void {
    this.#messages.push(message);
    this.#chars += message.text.length;
    while (this.#messages.length - this.#first > MAX_LASTLOG_MESSAGES || this.#isTooLong) {
      this.#chars -= this.#messages[this.#first++]!.text.length;
    }
    // When half is forgotten, so that each message is moved once on average.
    if (this.#first * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
  }

  /**
   * Searches.
   *
   * @param pattern What text or nickname is to have in it, whatever its case.
   * @returns The messages that have it, the oldest first.
   */
  find(pattern: string): ShownMessage[] {
    const wanted = pattern.toLowerCase();
    return this.#messages.slice(this.#first).filter(({ nickname = "", text }) => {
      return `<${nickname}> ${text}`.toLowerCase().includes(wanted);
    });
  }

  get #isTooLong(): boolean {
    return this.#chars > MAX_LASTLOG_CHARS && this.#messages.length - this.#first > 1;
  }
}
