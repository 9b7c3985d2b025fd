/**
 * The messages that `/lastlog` searches.
 *
 * @module
 */

import type { Message, ShownMessage } from "../client/events.ts";
import { markOf } from "../storage/kept/block.ts";
import type { KeptLog } from "../storage/kept/kept_log.ts";
import { fromKept, toKept } from "./kept_messages.ts";
import { MAX_LASTLOG_CHARS, MAX_LASTLOG_MESSAGES } from "./limits.ts";

/** Messages that outlive this run. */
export interface Keeping {
  readonly log: KeptLog;
  /** The last of them, which are shown at the start. */
  readonly past: Promise<readonly ShownMessage[]>;
  /** This member's key, in base64url. */
  readonly ownId: string;
}

/** What a search found. */
export interface Found {
  /** How many messages there are. */
  readonly count: number;
  /** The last of them, the oldest first. */
  readonly last: readonly ShownMessage[];
}

/**
 * The last messages of this run: at most 10,000 messages, and at most 4 Mi characters of text. One
 * message is kept in any case. If messages outlive this run, all of those are searched.
 */
export class Lastlog {
  readonly #keeping: Keeping | undefined;
  /** The marks of messages that were shown at the start. */
  #shown: ReadonlySet<string> = new Set();
  /** The messages. Those in front of the index `#first` are forgotten. */
  #messages: ShownMessage[] = [];
  #first = 0;
  #chars = 0;

  /** @param keeping Messages that outlive this run; undefined if none do. */
  constructor(keeping?: Keeping) {
    this.#keeping = keeping;
  }

  /** Whether messages outlive this run. */
  get isKept(): boolean {
    return this.#keeping !== undefined;
  }

  /** The messages that are to be shown at the start. */
  async past(): Promise<readonly ShownMessage[]> {
    const past = await this.#keeping?.past ?? [];
    this.#shown = new Set(past.map((message) => markOf(message)));
    return past;
  }

  /** Tells whether a message of the past was shown at the start. */
  wasShown(message: Message): boolean {
    return this.#shown.size > 0 && message.age === "old" && this.#shown.has(markOf(message));
  }

  /** Adds a message, and forgets the oldest ones above the bounds. */
  add(message: ShownMessage): void {
    this.#keeping?.log.add(toKept(message));
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

  /**
   * Searches as {@linkcode find} does; all that is kept, if messages outlive this run.
   *
   * @param most How many messages are wanted.
   */
  async search(pattern: string, most: number): Promise<Found> {
    if (!this.#keeping) {
      const found = this.find(pattern);
      return { count: found.length, last: found.slice(-most) };
    }
    const { log, ownId } = this.#keeping;
    const { count, last } = await log.search(pattern, most);
    return { count, last: last.map((message) => fromKept(message, ownId)) };
  }

  get #isTooLong(): boolean {
    return this.#chars > MAX_LASTLOG_CHARS && this.#messages.length - this.#first > 1;
  }
}
