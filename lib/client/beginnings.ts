/**
 * Runs of members that a client hears of for the first time after it has lost a connection. Messages
 * of theirs may have been lost with it, so their first message here need not be their first.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import type { SequenceWindow } from "../protocol/sequence_window.ts";
import type { Asking } from "./asking.ts";
import {
  MAX_BEGINNINGS,
  MAX_BEGINNINGS_OF_ONE_KEY,
  MAX_HELD_AT_BEGINNINGS,
  MAX_POSTPONEMENTS,
  MIN_BEGINNING_ASKED,
  SETTLING_PATIENCE_MS,
} from "./limits.ts";
import type { Asked, Gap } from "./ordering.ts";
import { type Held, Waiting, weigh } from "./waiting.ts";

/** A message of a run, and where it stands. */
export interface Placed<T> extends Held<T> {
  readonly sequence: number;
}

/** A run whose beginning is known by now, or is not waited for any more. */
export interface Begun<T> {
  /** What has been seen of the run. Its next message is the first of these. */
  readonly window: SequenceWindow;
  /** All that has come of it, in order. */
  readonly messages: readonly Placed<T>[];
}

/** A run whose beginning is not known. */
interface Beginning<T> {
  readonly waiting: Waiting<T>;
  /** How many messages wait. A long one counts as several. */
  held: number;
  /** The run's first message that is of interest has this number or a higher one. */
  least: number;
  /** How many messages to ask for below those that are there. */
  wanted: number;
  /** The first number that was asked for. */
  askedFrom: number;
}

/**
 * Holds the messages of such runs, and asks for those before them: for 512 at first, and then for
 * twice as many. A run's beginning is known when its first message comes, or one that was written
 * before this client came. It has no clock of its own: the caller says what time it is, in ms.
 */
export class Beginnings<T> {
  readonly #asking: Asking;
  readonly #sizeOf: (item: T) => number;
  readonly #runs = new Map<SequenceWindow, Beginning<T>>();
  #held = 0;
  #lookedAt: number | undefined;
  /** Time, in ms, in which this client was behind: what it waits for may have come already. */
  #behindMs = 0;

  /**
   * @param asking Decides when messages are asked for.
   * @param sizeOf Returns the size of a message in memory, in characters. The sum has a bound.
   */
  constructor(asking: Asking, sizeOf: (item: T) => number = () => 0) {
    this.#asking = asking;
    this.#sizeOf = sizeOf;
  }

  /** Whether the beginning of a run is waited for. */
  has(window: SequenceWindow): boolean {
    return this.#runs.has(window);
  }

  /** Whether one more run of a key may be waited for. */
  hasRoomFor(id: string): boolean {
    const ofKey = this.#runs.keys().filter((window) => window.id === id);
    return this.#runs.size < MAX_BEGINNINGS && [...ofKey].length < MAX_BEGINNINGS_OF_ONE_KEY;
  }

  /**
   * Takes a message of a run, the first one or a further one.
   *
   * @param window What has been seen of the run: nothing.
   * @param message The message; `isPast` if it was written before this client came.
   * @returns The run if its beginning is known now, and the longest one if too many messages wait.
   */
  take(
    window: SequenceWindow,
    { sequence, item, from, isPast }: Placed<T> & { readonly isPast: boolean },
    now: number,
  ): Begun<T>[] {
    const run = this.#runs.get(window) ?? this.#begin(window, now);
    const { waiting } = run;
    const isLower = waiting.first !== undefined && sequence < waiting.first;
    if (isLower && isPast) run.least = Math.max(run.least, sequence + 1);
    else if (waiting.add(sequence, { item, from })) this.#count(run, weigh(this.#sizeOf(item)));
    if (isLower) waiting.begin(now - this.#behindMs);
    const lowest = waiting.held.from;
    // All that was asked for is there, and the beginning is not.
    if (isLower && lowest <= run.askedFrom) waiting.askAt = this.#asking.first(now);
    const ended = lowest <= run.least ? [this.#end(run)] : [];
    if (this.#held > MAX_HELD_AT_BEGINNINGS) ended.push(this.#end(this.#longest()));
    return ended;
  }

  /** Puts off a question of this client's own, as another member has asked for the same. */
  postpone(window: SequenceWindow, { range: [from, to], asker }: Asked, now: number): void {
    const waiting = this.#runs.get(window)?.waiting;
    if (!waiting || from >= waiting.held.from || to < waiting.held.from - 1) return;
    if (waiting.askers.has(asker) || waiting.askers.size >= MAX_POSTPONEMENTS) return;
    waiting.askers.add(asker);
    waiting.askAt = Math.max(waiting.askAt, this.#asking.afterAnother(now));
  }

  /** Notes that this client is connected again, or the author: what may be missing is asked for anew. */
  returned(now: number, window?: SequenceWindow): void {
    const runs = window ? [this.#runs.get(window)] : this.#runs.values();
    for (const run of runs) {
      run?.waiting.begin(now - this.#behindMs);
      if (run) run.waiting.askAt = this.#asking.first(now);
    }
  }

  /**
   * Asks for what may be missing, and gives it up, as it is due.
   *
   * @param isBehind Whether this client has still to read what came a while ago.
   */
  tick(now: number, isBehind = false): { asks: Gap[]; begun: Begun<T>[] } {
    if (isBehind) this.#behindMs += now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    const [asks, begun]: [Gap[], Begun<T>[]] = [[], []];
    for (const run of this.#runs.values()) {
      const { waiting } = run;
      const isOver = now - this.#behindMs - waiting.progressAt >= SETTLING_PATIENCE_MS;
      if (isOver) begun.push(this.#end(run));
      else if (now >= waiting.askAt) asks.push(...this.#ask(run, now));
    }
    return { asks, begun };
  }

  #begin(window: SequenceWindow, now: number): Beginning<T> {
    const waiting = new Waiting<T>(window, { now, askAt: this.#asking.first(now) });
    waiting.begin(now - this.#behindMs);
    const run = { waiting, held: 0, least: 0, wanted: MIN_BEGINNING_ASKED, askedFrom: -1 };
    this.#runs.set(window, run);
    return run;
  }

  #ask(run: Beginning<T>, now: number): Gap[] {
    const { window, held: { from: lowest } } = run.waiting;
    if (!this.#asking.mayAsk(window.id, now)) {
      run.waiting.askAt = this.#asking.first(now);
      return [];
    }
    run.waiting.askAt = this.#asking.again(now, run.waiting.asked++);
    if (lowest <= run.askedFrom) run.wanted *= 2;
    run.askedFrom = Math.max(run.least, lowest - run.wanted);
    return [{ window, range: [run.askedFrom, lowest - 1] }];
  }

  /** Lets the run begin with the lowest message that has come. */
  #end(run: Beginning<T>): Begun<T> {
    const { waiting, waiting: { window } } = run;
    this.#runs.delete(window);
    this.#count(run, -run.held);
    window.next = waiting.held.from;
    const messages: Placed<T>[] = [];
    for (let sequence; (sequence = waiting.first) !== undefined;) {
      const { from, item } = waiting.held;
      messages.push({ sequence, from, item });
      waiting.shift();
    }
    return { window, messages };
  }

  /** Who has most waiting loses the wait first. */
  #longest(): Beginning<T> {
    return [...this.#runs.values()].reduce((one, other) => other.held > one.held ? other : one);
  }

  #count(run: Beginning<T>, messages: number): void {
    run.held += messages;
    this.#held += messages;
  }
}
