/**
 * The messages that `/lastlog` searches.
 *
 * @module
 */

import type { ShownMessage } from "../client/events.ts";
import { MAX_LASTLOG_CHARS, MAX_LASTLOG_MESSAGES } from "./limits.ts";

/**
 * The last messages of this run: at most 10,000 messages, and at most 4 Mi characters of text. One
 * message is kept in any case.
 */
export class Lastlog {
  /** The messages. Those in front of the index `#first` are forgotten. */
  #messages: ShownMessage[] = [];
  #first = 0;
  #chars = 0;

  /** Adds a message, and forgets the oldest ones above the bounds. */
  add(message: ShownMessage): void {
    this.#messages.push(message);
    this.#chars += message.text.length;
    while (this.#messages.length - this.#first > MAX_LASTLOG_MESSAGES || this.#isTooLong) {
      this.#chars -= this.#messages[this.#first++]!.text.length;
    }
    // Copying only when half is forgotten moves each message once on average.
    if (this.#first * 2 >= this.#messages.length) {
      this.#messages = this.#messages.slice(this.#first);
      this.#first = 0;
    }
  }

  /**
   * Finds messages.
   *
   * @param pattern Text to look for in `<nickname> text`. Letter case does not matter.
   * @returns The messages with that text, the oldest first.
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
