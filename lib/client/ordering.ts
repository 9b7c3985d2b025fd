/**
 * Putting the messages of each sender into the order in which they were written. Later messages
 * wait a while for missing ones.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import {
  giveUp,
  markSeen,
  placeOf,
  type SequenceRange,
  type SequenceWindow,
} from "../protocol/sequence_window.ts";
import type { Asking } from "./asking.ts";
import {
  GAP_PATIENCE_MS,
  MAX_GAP_WAIT_MS,
  MAX_POSTPONEMENTS,
  SETTLING_MS,
  SETTLING_PATIENCE_MS,
} from "./limits.ts";
import { Queues } from "./queues.ts";
import { type Held, Waiting } from "./waiting.ts";

/** A message whose turn has come. */
export interface Ready<T> {
  readonly item: T;
  /** Whether the message had been given up. */
  readonly isLate: boolean;
}

/** What {@linkcode Ordering.take} brings about. */
export interface Taken<T> {
  /**
   * Messages that can be shown now, in order. There is none if the message was seen or has to wait.
   */
  readonly ready: readonly Ready<T>[];
  /** How many messages had been missing, if this message was the last of them; else 0. */
  readonly mended: number;
}

/** Messages of one sender that have not come, between others that have. */
export interface Gap {
  readonly window: SequenceWindow;
  readonly range: SequenceRange;
}

/** What {@linkcode Ordering.tick} brings about. */
export interface Due<T> {
  /** Gaps to be asked for. */
  readonly asks: Gap[];
  /** Gaps that were given up, each with the message that comes after it. */
  readonly missing: (Gap & { readonly before: T })[];
  /** Messages that waited for the gaps that were given up. */
  readonly ready: Ready<T>[];
}

/** A question of somebody else for messages. */
export interface Asked {
  readonly range: SequenceRange;
  /** The key of the one that asked. */
  readonly asker: string;
}

/**
 * Puts messages in order. It has no clock of its own: the caller says what time it is, in ms, and
 * calls `tick()` a few times a second.
 */
export class Ordering<T> {
  readonly #asking: Asking;
  readonly #queues: Queues<T>;
  /** Nothing is due before that time. */
  #dueAt = Infinity;
  /** When it was looked what is due. */
  #lookedAt: number | undefined;
  /** Time, in ms, in which this client was behind: what it waits for may have come already. */
  #behindMs = 0;
  /** What is missed until then is waited for with more patience. */
  #settlesAt = -Infinity;

  /**
   * @param asking Decides when gaps are asked for.
   * @param sizeOf Returns the size of a message in memory, in characters. The sum has a bound.
   */
  constructor(asking: Asking, sizeOf: (item: T) => number = () => 0) {
    this.#asking = asking;
    this.#queues = new Queues(sizeOf);
  }

  /** How many messages wait for missing ones. A long one counts as several. */
  get heldCount(): number {
    return this.#queues.heldCount;
  }

  /**
   * Takes a message.
   *
   * @param window What has been seen of the sender's epoch. It is changed.
   * @param sequence The message's number.
   * @param item The message.
   * @param now The time, in ms.
   */
  take(
    window: SequenceWindow,
    sequence: number,
    item: T,
    now: number,
    from = sequence,
  ): Taken<T> {
    if (from <= window.next) this.#skipTo(window, sequence);
    const place = placeOf(window, sequence);
    if (place === "ahead") this.#hold(window, sequence, { item, from }, now);
    if (place === "ahead" || place === "seen") return { ready: [], mended: 0 };
    markSeen(window, sequence);
    const first = { item, isLate: place === "late" };
    const queue = this.#queues.find(window);
    if (place === "late" || !queue) return { ready: [first], mended: 0 };
    queue.progress(now - this.#behindMs);
    const ready = [first, ...this.#follow(queue)];
    return { ready, mended: queue.size === 0 ? queue.filled : 0 };
  }

  /**
   * Gives up on all that is missing before a message, unless messages of the sender already wait.
   *
   * @param window What has been seen of the sender's epoch. It is changed.
   * @param sequence The message's number.
   */
  skipTo(window: SequenceWindow, sequence: number): void {
    if (!this.#queues.find(window)) giveUp(window, sequence);
  }

  /**
   * Notes that another member asked for messages. The answer reaches this client, too, so its own
   * question for them is put off, once for each who asks.
   *
   * @param window What has been seen of the epoch of the sender that was asked.
   * @param asked What was asked for, and by whom.
   * @param now The time, in ms.
   */
  postpone(window: SequenceWindow, { range: [from, to], asker }: Asked, now: number): void {
    const queue = this.#queues.find(window);
    if (!queue || from > window.next || to < window.next) return;
    if (queue.askers.has(asker) || queue.askers.size >= MAX_POSTPONEMENTS) return;
    queue.askers.add(asker);
    queue.askAt = Math.max(queue.askAt, this.#asking.afterAnother(now));
  }

  /**
   * Notes that this client, or the author alone, is back: what is missing is asked for anew.
   *
   * @param now The time, in ms.
   * @param window What has been seen of the author's epoch; undefined if this client is back.
   */
  returned(now: number, window?: SequenceWindow): void {
    if (!window) this.#settlesAt = now + SETTLING_MS;
    const queues = window ? [this.#queues.find(window)] : this.#queues.values();
    for (const queue of queues) {
      queue?.begin(now - this.#behindMs);
      if (queue) Object.assign(queue, { isPatient: true, askAt: this.#asking.first(now) });
    }
    this.#dueAt = Math.min(this.#dueAt, now);
  }

  /**
   * Asks for gaps and gives gaps up, as it is due.
   *
   * @param now The time, in ms.
   * @param isBehind Whether this client has still to read what came a while ago. It then asks as ever,
   * and gives nothing up for want of an answer.
   */
  tick(now: number, isBehind = false): Due<T> {
    if (isBehind) this.#behindMs += now - (this.#lookedAt ?? now);
    this.#lookedAt = now;
    const due: Due<T> = { asks: [], missing: [], ready: [] };
    for (let queue; (queue = this.#queues.excessive());) this.#release(queue, due);
    if (now < this.#dueAt) return due;
    this.#dueAt = Infinity;
    for (const queue of this.#queues.values()) {
      const over = this.#endOf(queue);
      if (now >= over) this.#release(queue, due);
      else if (now >= queue.askAt) this.#ask(queue, now, due);
      if (queue.size > 0) this.#dueAt = Math.min(this.#dueAt, queue.askAt, over);
    }
    return due;
  }

  /** When a queue is given up if nothing comes, and this client is not behind. */
  #endOf({ progressAt, since, isPatient }: Waiting<T>): number {
    const patience = isPatient ? SETTLING_PATIENCE_MS : GAP_PATIENCE_MS;
    return Math.min(progressAt + this.#behindMs + patience, since + MAX_GAP_WAIT_MS);
  }

  #ask(queue: Waiting<T>, now: number, due: Due<T>): void {
    const { window } = queue;
    const isAsked = this.#asking.mayAsk(window.id, now);
    queue.askAt = isAsked ? this.#asking.again(now, queue.asked++) : this.#asking.first(now);
    if (isAsked) due.asks.push({ window, range: [window.next, queue.held.from - 1] });
  }

  #hold(window: SequenceWindow, sequence: number, held: Held<T>, now: number): void {
    let queue = this.#queues.find(window);
    if (!queue) {
      queue = new Waiting(window, { now, askAt: this.#asking.first(now) });
      queue.begin(now - this.#behindMs);
      queue.isPatient = now < this.#settlesAt;
      this.#queues.begin(queue);
      this.#dueAt = Math.min(this.#dueAt, queue.askAt);
    }
    this.#queues.hold(queue, sequence, held);
  }

  /** Takes out what follows the message that has just come. */
  #follow(queue: Waiting<T>): Ready<T>[] {
    const { window } = queue;
    const ready: Ready<T>[] = [];
    while (queue.size > 0) {
      if (queue.first !== window.next && queue.held.from > window.next) break;
      window.next = queue.first! + 1;
      ready.push({ item: this.#queues.shift(queue), isLate: false });
    }
    if (queue.size === 0) this.#queues.end(queue);
    return ready;
  }

  /** Counts what is fleeting as seen. What waits among it does not come from an honest author. */
  #skipTo(window: SequenceWindow, sequence: number): void {
    window.next = Math.max(window.next, sequence);
    const queue = this.#queues.find(window);
    while (queue && queue.first !== undefined && queue.first < sequence) this.#queues.shift(queue);
  }

  /** Gives up on the first gap, and on those behind it too. */
  #release(queue: Waiting<T>, due: Due<T>): void {
    const { window } = queue;
    while (queue.size > 0) {
      const { from, item } = queue.held;
      const range = giveUp(window, from);
      if (range) due.missing.push({ window, range, before: item });
      window.next = queue.first!;
      due.ready.push(...this.#follow(queue));
    }
  }
}
