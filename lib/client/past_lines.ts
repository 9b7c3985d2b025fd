/**
 * Telling lines of the past from lines that were missed. A relay gives a new connection the last
 * lines, whether the client was there or not.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import type { LinkEvent } from "./link.ts";

/**
 * First characters of a token, which tell it from all others: its version, its time, its IV, and two
 * bytes more.
 */
const TELLING_CHARS = 36;

/** How many lines of the past a client wants. */
export interface PastWish {
  /** Those that the user is to see. */
  readonly backlog: number;
  /** Those that the client reads for itself if `backlog` is 0; none by default. */
  readonly lookBack?: number;
  /** Those that a later connection asks for at least: what was missed; none by default. */
  readonly missedBacklog?: number;
}

type Token = Extract<LinkEvent, { readonly kind: "token" }>;

/**
 * Passes on what a client reads of the past. Of all else that came before its first `!LIVE` it keeps
 * how tokens begin, to know them again in the backlog of a later connection.
 */
export class PastLines {
  /** How many of the last lines to ask a relay for. */
  readonly wanted: number;
  readonly #backlog: number;
  /** How many of the last lines are read at the first connection. */
  readonly #read: number;
  #hasBeenLive = false;
  /** Lines that may be among the last ones of the past: as many as are read. */
  #last: Token[] = [];
  /** How tokens begin that are not for the user. */
  readonly #passed = new Set<string>();

  constructor({ backlog, lookBack = 0, missedBacklog = 0 }: PastWish) {
    this.wanted = Math.max(backlog, missedBacklog) || lookBack;
    this.#backlog = backlog;
    this.#read = backlog || Math.min(lookBack, this.wanted);
  }

  /** Notes that a connection begins. */
  begin(): void {
    if (this.#hasBeenLive) return;
    this.#last = [];
    this.#passed.clear();
  }

  /**
   * Takes what has come from the relay, in order.
   *
   * @returns What is to be read of it. `isPast` is set for tokens that were passed over before.
   */
  sift(events: readonly LinkEvent[]): readonly LinkEvent[] {
    if (this.#hasBeenLive && this.#passed.size === 0) return events;
    return events.flatMap((event) => {
      if (event.kind === "token") return this.#hasBeenLive ? this.#mark(event) : this.#take(event);
      const isLive = event.kind === "control" && event.control.verb === "LIVE";
      return isLive && !this.#hasBeenLive ? [...this.#goLive(), event] : event;
    });
  }

  #mark(event: Token): Token {
    const isPast = this.#passed.has(event.token.slice(0, TELLING_CHARS));
    return isPast ? { ...event, isPast } : event;
  }

  #take(event: Token): Token[] {
    // All that comes is for the user.
    if (this.#backlog >= this.wanted) return [event];
    this.#last.push(event);
    if (this.#last.length > this.#read) this.#pass(this.#last.shift()!);
    return [];
  }

  #goLive(): Token[] {
    this.#hasBeenLive = true;
    const last = this.#last;
    this.#last = [];
    if (this.#backlog === 0) { for (const event of last) this.#pass(event); }
    return last;
  }

  #pass({ token }: Token): void {
    // A part of a string keeps the whole string in memory. These characters are a string of their own.
    this.#passed.add([...token.slice(0, TELLING_CHARS)].join(""));
    // A relay may give more than it was asked for.
    if (this.#passed.size > this.wanted) this.#passed.delete(this.#passed.values().next().value!);
  }
}
