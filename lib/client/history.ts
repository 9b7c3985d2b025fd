/**
 * The last messages that a relay gives to a client, in an order that people can follow.
 *
 * A relay that has just started holds them author by author: each has sent again what it wrote last.
 *
 * @module
 */

import type { RoomEvent } from "./events.ts";
import { MAX_PAST_TOKENS } from "./limits.ts";
import type { Inbox, Phase } from "./inbox.ts";
import type { Opened } from "./reader.ts";

/** What may come before another by its time. */
interface Placed {
  readonly opened: Opened;
  /** In unix seconds; no less than that of an earlier message of the same author. */
  readonly time: number;
}

/**
 * Collects tokens of the past until all have come, then shows them in the order of their times.
 * Those of one author stay in the order in which they came.
 */
export class History {
  readonly #inbox: Pick<Inbox, "take">;
  #placed: Placed[] = [];
  /** The latest time of each author so far. */
  readonly #latest = new Map<string, number>();

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
    this.#add(opened);
    return this.#placed.length >= MAX_PAST_TOKENS ? this.show(phase) : [];
  }

  /**
   * Shows what was collected.
   *
   * @param phase How it came.
   */
  show(phase: Phase): RoomEvent[] {
    const inOrder = this.#placed.toSorted((a, b) => a.time - b.time);
    this.#placed = [];
    this.#latest.clear();
    return inOrder.flatMap(({ opened }) => this.#inbox.take(opened, phase));
  }

  #add(opened: Opened): void {
    // One that cannot be read stays behind the one before it.
    if (opened.kind === "rejected") {
      this.#placed.push({ opened, time: this.#placed.at(-1)?.time ?? -Infinity });
      return;
    }
    // Who wrote plain text is not known: it stays in order as if one author had written all.
    const author = opened.kind === "plain" ? "" : `${opened.header.id} ${opened.header.epoch}`;
    const ownTime = opened.kind === "plain" ? opened.issuedAt : opened.header.time;
    const time = Math.max(ownTime, this.#latest.get(author) ?? -Infinity);
    this.#latest.set(author, time);
    this.#placed.push({ opened, time });
  }
}
