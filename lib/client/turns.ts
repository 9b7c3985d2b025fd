/**
 * When the turn of each message comes: behind all that its author wrote before.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import { StandingClock } from "../async/standing_clock.ts";
import type { SequenceWindow } from "../protocol/sequence_window.ts";
import type { Asking } from "./asking.ts";
import { Beginnings, type Begun, type Placed } from "./beginnings.ts";
import { type Asked, type Due, Ordering, type Ready, type Taken } from "./ordering.ts";

/** What {@linkcode Turns} work with. */
export interface TurnsParts<T> {
  /** Decides when messages are asked for. */
  readonly asking: Asking;
  /** Returns the size of a message in memory, in characters. */
  readonly sizeOf: (item: T) => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** A message that has just come. */
export interface Coming<T> extends Placed<T> {
  /** Whether it was written before this client came. */
  readonly isPast: boolean;
  /** Whether nothing has been heard of its run, and earlier messages may have been lost. */
  readonly isUnheard: boolean;
}

/** How this client stands when it looks what is due. */
export interface Standing {
  /** Whether it can ask, and be answered. Time without a connection is no wait. */
  readonly isConnected: boolean;
  /** Whether it has still to read what came a while ago. */
  readonly isBehind: boolean;
}

/** Has messages wait for those before them. */
export class Turns<T> {
  readonly #ordering: Ordering<T>;
  readonly #beginnings: Beginnings<T>;
  readonly #clock: StandingClock;

  constructor({ asking, sizeOf, monotonic }: TurnsParts<T>) {
    this.#ordering = new Ordering(asking, sizeOf);
    this.#beginnings = new Beginnings(asking, sizeOf);
    this.#clock = new StandingClock(monotonic);
  }

  /**
   * Takes a message.
   *
   * @param window What has been seen of the sender's epoch. It is changed.
   */
  take(window: SequenceWindow, coming: Coming<T>): Taken<T> {
    const { now } = this.#clock;
    const isOpen = coming.isUnheard && this.#beginnings.hasRoomFor(window.id);
    if (isOpen || this.#beginnings.has(window)) {
      const begun = this.#beginnings.take(window, coming, now);
      return { ready: begun.flatMap((each) => this.#follow(each)), mended: 0 };
    }
    const { sequence, item, from } = coming;
    return this.#ordering.take(window, sequence, item, now, from);
  }

  /** As {@linkcode Ordering.skipTo}. */
  skipTo(window: SequenceWindow, sequence: number): void {
    this.#ordering.skipTo(window, sequence);
  }

  /** As {@linkcode Ordering.postpone}. */
  postpone(window: SequenceWindow, asked: Asked): void {
    const { now } = this.#clock;
    this.#ordering.postpone(window, asked, now);
    this.#beginnings.postpone(window, asked, now);
  }

  /** As {@linkcode Ordering.returned}. */
  returned(window?: SequenceWindow): void {
    const { now } = this.#clock;
    this.#ordering.returned(now, window);
    this.#beginnings.returned(now, window);
  }

  /** Asks for what is missing, and gives it up, as it is due. It is called a few times a second. */
  tick({ isConnected, isBehind }: Standing): Due<T> {
    this.#clock.run(isConnected);
    if (!isConnected) return { asks: [], missing: [], ready: [] };
    const { now } = this.#clock;
    const { asks, begun } = this.#beginnings.tick(now, isBehind);
    const begunReady = begun.flatMap((each) => this.#follow(each));
    const due = this.#ordering.tick(now, isBehind);
    return { ...due, asks: [...asks, ...due.asks], ready: [...begunReady, ...due.ready] };
  }

  #follow({ window, messages }: Begun<T>): Ready<T>[] {
    const { now } = this.#clock;
    const ready = messages.flatMap(({ sequence, item, from }) => {
      return this.#ordering.take(window, sequence, item, now, from).ready;
    });
    // The rest of the answer is on its way.
    this.#ordering.returned(now, window);
    return ready;
  }
}
