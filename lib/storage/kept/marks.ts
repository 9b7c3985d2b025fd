/**
 * Which messages are kept, as far as their marks are known.
 *
 * @module
 */

import { MAX_KEPT_MARKS } from "../limits.ts";
import { type KeptMessage, markOf } from "./block.ts";

/** The marks of the messages that were noted last. */
export class Marks {
  readonly #marks = new Set<string>();

  /** Notes messages. Above 20,000 the oldest are forgotten. */
  note(messages: readonly KeptMessage[]): void {
    for (const message of messages) this.#marks.add(markOf(message));
    for (const mark of this.#marks) {
      if (this.#marks.size <= MAX_KEPT_MARKS) return;
      this.#marks.delete(mark);
    }
  }

  /** Tells whether a message was noted. */
  has(message: KeptMessage): boolean {
    return this.#marks.has(markOf(message));
  }

  /** Notes messages, and returns those that were not noted before. */
  takeNew(messages: readonly KeptMessage[]): KeptMessage[] {
    const fresh: KeptMessage[] = [];
    for (const message of messages) {
      if (this.has(message)) continue;
      this.#marks.add(markOf(message));
      fresh.push(message);
    }
    return fresh;
  }
}
