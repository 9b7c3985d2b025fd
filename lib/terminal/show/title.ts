/**
 * The title of the terminal's window, which changes at most four times a second.
 *
 * @module
 */

import type { Schedule } from "../../async/schedule.ts";
import { titleSequence } from "./attention.ts";

/** Wait, in ms, before the terminal's title is changed: a flood changes it four times a second. */
export const TITLE_DELAY_MS = 250;

/** What a {@linkcode Title} works with. */
export interface TitleParts {
  /** The title by now; it need not be safe yet. */
  readonly text: () => string;
  /** Sends the terminal a sequence. */
  readonly write: (sequence: string) => Promise<void>;
  readonly schedule: Schedule;
}

/**
 * Sets the title a quarter of a second after it has changed, so that a flood of messages sets it a
 * few times and not for each message.
 */
export class Title {
  readonly #parts: TitleParts;
  #cancel: (() => void) | undefined;
  #shown: string | undefined;
  #isClosed = false;

  /** @param parts What the title is, and where it goes. */
  constructor(parts: TitleParts) {
    this.#parts = parts;
  }

  /** Tells that it may have changed. */
  update(): void {
    if (this.#cancel || this.#isClosed) return;
    this.#cancel = this.#parts.schedule(() => {
      this.#cancel = undefined;
      this.#set();
    }, TITLE_DELAY_MS);
  }

  /** Sets the title no more. */
  close(): void {
    this.#isClosed = true;
    this.#cancel?.();
  }

  #set(): void {
    const text = this.#parts.text();
    if (text === this.#shown) return;
    this.#shown = text;
    // A terminal that is gone has no title.
    this.#parts.write(titleSequence(text)).catch(() => {});
  }
}
