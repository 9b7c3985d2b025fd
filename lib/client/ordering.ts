/**
 * Messages of each sender in the order in which they were written: later ones
 * wait a while for those that are missing.
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
import {
  ASK_AGAIN_MS,
  ASK_JITTER_MS,
  GAP_PATIENCE_MS,
  MAX_ASKS_AT_ONCE,
  MAX_GAP_WAIT_MS,
  MAX_HELD_CHARS,
  MAX_HELD_MESSAGES,
  SETTLING_PATIENCE_MS,
} from "./limits.ts";

/** A message whose turn has come. */
export interface Ready<T> {
  readonly item: T;
  /** Whether it was given up before. */
  readonly isLate: boolean;
}

/** What a message brought about. */
export interface Taken<T> {
  /** What can be shown now, in order; nothing if it has been seen, or has to wait. */
  readonly ready: readonly Ready<T>[];
  /** How many messages had been missing, if with this one none is. */
  readonly mended: number;
}

/** Messages of one sender that have not come. */
export interface Gap {
  readonly window: SequenceWindow;
  readonly range: SequenceRange;
}

/** What time brought about. */
export interface Due<T> {
  /** Gaps to be asked for. */
  readonly asks: readonly Gap[];
  /** Gaps that were given up. */
  readonly missing: readonly Gap[];
  /** Messages that waited for them. */
  readonly ready: readonly Ready<T>[];
}

/** A message that waits. */
interface Held<T> {
  readonly item: T;
  /** What is missing before it ends below this number. */
  readonly from: number;
}

/** The later messages of one sender. */
interface Queue<T> {
  readonly window: SequenceWindow;
  readonly held: Map<number, Held<T>>;
  readonly since: number;
  /** When the last of the missing ones came, and how many have. */
  progressAt: number;
  filled: number;
  askAt: number;
}

/**
 * Puts messages in order. It has no clock of its own: `tick()` is to be called
 * a few times a second.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const ordering = new Ordering<string>(() => 0);
 * const window = { id: "", epoch: "", next: 0, missing: [], seenAt: 0 };
 * assert.deepEqual(ordering.take(window, 1, "b", 0).ready, []);
 * const { ready, mended } = ordering.take(window, 0, "a", 1);
 * assert.deepEqual(ready.map(({ item }) => item), ["a", "b"]);
 * assert.equal(mended, 1);
 * ```
 */
export class Ordering<T> {
  readonly #random: () => number;
  readonly #sizeOf: (item: T) => number;
  readonly #queues = new Map<SequenceWindow, Queue<T>>();
  #heldCount = 0;
  #heldSize = 0;

  /**
   * @param random From 0 to 1: when a gap is asked for, so that not all ask at once.
   * @param sizeOf What a message takes in memory, in characters: the sum is bounded too.
   */
  constructor(random: () => number, sizeOf: (item: T) => number = () => 0) {
    this.#random = random;
    this.#sizeOf = sizeOf;
  }

  /** Messages that wait for others. */
  get heldCount(): number {
    return this.#heldCount;
  }

  /**
   * Takes a message.
   *
   * @param window What has been seen of its sender's epoch; changed.
   * @param sequence Its number.
   * @param item The message.
   * @param now A clock's time, in ms.
   * @param from It waits for nothing from this number to its own: these are fleeting.
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
    const queue = this.#queues.get(window);
    if (place === "late" || !queue) return { ready: [first], mended: 0 };
    queue.progressAt = now;
    queue.filled++;
    const ready = [first, ...this.#follow(queue)];
    return { ready, mended: queue.held.size === 0 ? queue.filled : 0 };
  }

  /**
   * Gives up on what is missing before a message, without waiting.
   *
   * @param window What has been seen of its sender's epoch; changed.
   * @param sequence The message's number.
   */
  skipTo(window: SequenceWindow, sequence: number): void {
    if (!this.#queues.has(window)) giveUp(window, sequence);
  }

  /**
   * Notes that somebody asked for messages: what they ask for will come here too.
   *
   * @param window Of the sender that was asked.
   * @param range What was asked for.
   * @param now The clock's time, in ms.
   */
  postpone(window: SequenceWindow, [from, to]: SequenceRange, now: number): void {
    const queue = this.#queues.get(window);
    if (!queue || from > window.next || to < window.next) return;
    queue.askAt = Math.max(queue.askAt, now + ASK_AGAIN_MS);
  }

  /**
   * Looks what is due.
   *
   * @param now The clock's time, in ms.
   * @param isSettling Whether to be more patient, as after a reconnect.
   */
  tick(now: number, isSettling = false): Due<T> {
    const patience = isSettling ? SETTLING_PATIENCE_MS : GAP_PATIENCE_MS;
    const due = { asks: [] as Gap[], missing: [] as Gap[], ready: [] as Ready<T>[] };
    for (const queue of this.#queues.values()) {
      const isOver = now - queue.progressAt >= patience ||
        now - queue.since >= MAX_GAP_WAIT_MS || this.#heldCount > MAX_HELD_MESSAGES ||
        this.#heldSize > MAX_HELD_CHARS;
      if (isOver) this.#release(queue, due);
      else if (now >= queue.askAt && due.asks.length < MAX_ASKS_AT_ONCE) {
        queue.askAt = now + ASK_AGAIN_MS;
        const { window } = queue;
        due.asks.push({ window, range: [window.next, firstOf(queue).from - 1] });
      }
    }
    return due;
  }

  #hold(window: SequenceWindow, sequence: number, held: Held<T>, now: number): void {
    let queue = this.#queues.get(window);
    if (!queue) {
      const askAt = now + this.#random() * ASK_JITTER_MS;
      queue = { window, held: new Map(), since: now, progressAt: now, filled: 0, askAt };
      this.#queues.set(window, queue);
    }
    if (queue.held.has(sequence)) return;
    queue.held.set(sequence, held);
    this.#heldCount++;
    this.#heldSize += this.#sizeOf(held.item);
  }

  /** Takes out what follows the message that has just come. */
  #follow(queue: Queue<T>): Ready<T>[] {
    const { window, held } = queue;
    const ready: Ready<T>[] = [];
    while (held.size > 0) {
      if (!held.has(window.next)) {
        const { sequence, from } = firstOf(queue);
        if (from > window.next) break;
        window.next = sequence;
      }
      ready.push({ item: this.#drop(queue, window.next), isLate: false });
      window.next++;
    }
    if (held.size === 0) this.#queues.delete(window);
    return ready;
  }

  /** Counts what is fleeting as seen. What waits among it does not come from an honest author. */
  #skipTo(window: SequenceWindow, sequence: number): void {
    window.next = Math.max(window.next, sequence);
    const queue = this.#queues.get(window);
    for (const held of queue?.held.keys() ?? []) if (held < sequence) this.#drop(queue!, held);
  }

  #drop({ held }: Queue<T>, sequence: number): T {
    const { item } = held.get(sequence)!;
    held.delete(sequence);
    this.#heldCount--;
    this.#heldSize -= this.#sizeOf(item);
    return item;
  }

  /** Gives up on the first gap, and on those behind it too. */
  #release(queue: Queue<T>, due: { missing: Gap[]; ready: Ready<T>[] }): void {
    const { window, held } = queue;
    while (held.size > 0) {
      const { sequence, from } = firstOf(queue);
      const range = giveUp(window, from);
      if (range) due.missing.push({ window, range });
      window.next = sequence;
      due.ready.push(...this.#follow(queue));
    }
  }
}

/** The first of the messages that wait: there is one. */
function firstOf<T>({ held }: Queue<T>): { readonly sequence: number; readonly from: number } {
  const sequence = Math.min(...held.keys());
  return { sequence, from: held.get(sequence)!.from };
}
