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
  readonly asks: readonly Gap[];
  /** Gaps that were given up, each with the message that comes after it. */
  readonly missing: readonly (Gap & { readonly before: T })[];
  /** Messages that waited for the gaps that were given up. */
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
  /** When the last missing message came; `since` if none has. */
  progressAt: number;
  /** How many missing messages have come. */
  filled: number;
  /** When to ask for the first gap. */
  askAt: number;
}

/**
 * Puts messages in order. It has no clock of its own: the caller says what time it is, in ms, and
 * calls `tick()` a few times a second.
 */
export class Ordering<T> {
  readonly #random: () => number;
  readonly #sizeOf: (item: T) => number;
  readonly #queues = new Map<SequenceWindow, Queue<T>>();
  #heldCount = 0;
  #heldSize = 0;

  /**
   * @param random Returns a number from 0 to 1. It delays the question for a gap, so that not all
   * members ask at once.
   * @param sizeOf Returns the size of a message in memory, in characters. The sum has a bound.
   */
  constructor(random: () => number, sizeOf: (item: T) => number = () => 0) {
    this.#random = random;
    this.#sizeOf = sizeOf;
  }

  /** How many messages wait for missing ones. */
  get heldCount(): number {
    return this.#heldCount;
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
    const queue = this.#queues.get(window);
    if (place === "late" || !queue) return { ready: [first], mended: 0 };
    queue.progressAt = now;
    queue.filled++;
    const ready = [first, ...this.#follow(queue)];
    return { ready, mended: queue.held.size === 0 ? queue.filled : 0 };
  }

  /**
   * Gives up on all that is missing before a message, unless messages of the sender already wait.
   *
   * @param window What has been seen of the sender's epoch. It is changed.
   * @param sequence The message's number.
   */
  skipTo(window: SequenceWindow, sequence: number): void {
    if (!this.#queues.has(window)) giveUp(window, sequence);
  }

  /**
   * Notes that another member asked for messages. The answer reaches this client, too, so its own
   * question for them is put off.
   *
   * @param window What has been seen of the epoch of the sender that was asked.
   * @param range The numbers of the messages that were asked for.
   * @param now The time, in ms.
   */
  postpone(window: SequenceWindow, [from, to]: SequenceRange, now: number): void {
    const queue = this.#queues.get(window);
    if (!queue || from > window.next || to < window.next) return;
    queue.askAt = Math.max(queue.askAt, now + ASK_AGAIN_MS);
  }

  /**
   * Asks for gaps and gives gaps up, as it is due.
   *
   * @param now The time, in ms.
   * @param isSettling Whether to wait longer before a gap is given up, as after a reconnect.
   */
  tick(now: number, isSettling = false): Due<T> {
    const patience = isSettling ? SETTLING_PATIENCE_MS : GAP_PATIENCE_MS;
    const due = {
      asks: [] as Gap[],
      missing: [] as (Gap & { before: T })[],
      ready: [] as Ready<T>[],
    };
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
  #release(queue: Queue<T>, due: { missing: (Gap & { before: T })[]; ready: Ready<T>[] }): void {
    const { window, held } = queue;
    while (held.size > 0) {
      const { sequence, from } = firstOf(queue);
      const range = giveUp(window, from);
      if (range) due.missing.push({ window, range, before: held.get(sequence)!.item });
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
