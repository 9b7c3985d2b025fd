/**
 * The user's own messages that the server has not taken: they stand above the prompt, dimmed, and
 * go into the scrollback once they are taken.
 *
 * @module
 */

import type { ShownMessage } from "../../client/events.ts";
import type { Say } from "../../messages/phrases.ts";
import { fitRow } from "../screen/prompt_layout.ts";
import type { PromptView } from "../screen/prompt_view.ts";
import { safeName } from "./remote_text.ts";

/** Messages that are shown above the prompt; of more, the others are counted. */
export const MAX_UNTAKEN_SHOWN = 5;

/** Keeps them in the order in which they were written. */
export class Untaken {
  readonly #say: Say;
  #messages: readonly ShownMessage[] = [];

  /** @param say Says the words in the user's language. */
  constructor(say: Say) {
    this.#say = say;
  }

  /** Adds messages that were just written. */
  add(messages: readonly ShownMessage[]): void {
    this.#messages = [...this.#messages, ...messages];
  }

  /** Takes messages out that the server has taken. */
  remove(messages: readonly ShownMessage[]): void {
    this.#messages = this.#messages.filter((message) => !messages.includes(message));
  }

  /** What to tell a user who leaves: a text for each message. */
  describe(): string[] {
    return this.#messages.map((message) => {
      return this.#say("not taken by the server: {text}", { text: this.#textOf(message) });
    });
  }

  /**
   * Puts a row for each message above a prompt.
   *
   * @param view The prompt.
   * @param columns Width of the terminal.
   * @returns The prompt, below the last messages and the number of others.
   */
  above(view: PromptView, columns: number): PromptView {
    if (this.#messages.length === 0) return view;
    const shown = this.#messages.slice(-MAX_UNTAKEN_SHOWN);
    const count = this.#messages.length - shown.length;
    const texts = shown.map((message) => this.#textOf(message));
    if (count > 0) texts.unshift(this.#say("{count} more wait for the server", { count }));
    // Without colours the dots tell them from what was sent.
    const rows = texts.map((text) => fitRow([{ text: `… ${text}`, style: "hint" }], columns));
    const { row, column } = view.cursor;
    return { rows: [...rows, ...view.rows], cursor: { row: row + rows.length, column } };
  }

  #textOf({ form, nickname = "", recipient, text }: ShownMessage): string {
    const name = safeName(nickname);
    if (form === "action") return `* ${name} ${text}`;
    return form === "private" && recipient !== undefined
      ? `${this.#say("you")} → ${safeName(recipient)}  ${text}`
      : `${name}› ${text}`;
  }
}
