/**
 * The last messages that a relay gives to a client, in an order that people can follow.
 *
 * A relay that has just started holds them author by author: each has sent again what it wrote last.
 *
 * @module
 */

import type { RoomEvent } from "./events.ts";
import { MAX_PAST_TOKENS } from "./limits.ts";
import type { Inbox } from "./inbox.ts";
import type { Phase } from "./phase.ts";
import type { Opened } from "./reader.ts";

/** Longest that a message takes from its writing into a token, in s; times are whole seconds. */
const PROMPT_SECONDS = 2;

type Signed = Extract<Opened, { readonly kind: "signed" }>;

/**
 * Collects tokens of the past until all have come, and then shows them. Messages that were sent again
 * are shown in the order of their times; all others stay where the relay has them.
 */
export class History {
  readonly #inbox: Pick<Inbox, "take">;
  #past: Opened[] = [];

  /** @param inbox Shows tokens. */
  constructor(inbox: Pick<Inbox, "take">) {
    this.#inbox = inbox;
  }

  /**
   * Takes a token.
   *
   * @param opened What is in it.
   * @param phase How it came: one that is live is shown at once.
   */
  take(opened: Opened, phase: Phase): RoomEvent[] {
    if (phase === "live") return this.#inbox.take(opened, phase);
    this.#past.push(opened);
    return this.#past.length >= MAX_PAST_TOKENS ? this.show(phase) : [];
  }

  /**
   * Shows what was collected.
   *
   * @param phase How it came.
   */
  show(phase: Phase): RoomEvent[] {
    const past = this.#past;
    this.#past = [];
    return inOrder(past).flatMap((opened) => this.#inbox.take(opened, phase));
  }
}

/** Sorts what was sent again among its like; all else stays where the relay has it. */
function inOrder(past: readonly Opened[]): Opened[] {
  const ordered = [...past];
  let block: number[] = [];
  const sortBlock = () => {
    const sorted = byTime(block.map((place) => past[place] as Signed));
    for (const [i, place] of block.entries()) ordered[place] = sorted[i]!;
    block = [];
  };
  for (const [place, opened] of past.entries()) {
    if (opened.kind !== "signed") continue;
    // Both times are by one clock, whatever the clocks of others say.
    const isSentAgain = opened.issuedAt - opened.header.time > PROMPT_SECONDS;
    if (isSentAgain) block.push(place);
    else sortBlock();
  }
  sortBlock();
  return ordered;
}

/** By the times of messages, as far as that keeps the order of each author's. */
function byTime(messages: readonly Signed[]): Signed[] {
  const latest = new Map<string, number>();
  const timed = messages.map((message) => {
    const { id, epoch, time } = message.header;
    const author = `${id} ${epoch}`;
    const at = Math.max(time, latest.get(author) ?? -Infinity);
    latest.set(author, at);
    return { message, at };
  });
  return timed.toSorted((a, b) => a.at - b.at).map(({ message }) => message);
}
