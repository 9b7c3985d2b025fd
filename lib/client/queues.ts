/**
 * The messages of all senders that wait for missing ones, and how many they are.
 *
 * @module
 */

import type { SequenceWindow } from "../protocol/sequence_window.ts";
import { Tally } from "../storage/tally.ts";
import { MAX_HELD_MESSAGES, MAX_HELD_OF_ONE_KEY } from "./limits.ts";
import { type Held, type Waiting, weigh } from "./waiting.ts";

/** What waits, by sender. */
export class Queues<T> {
  readonly #sizeOf: (item: T) => number;
  readonly #queues = new Map<SequenceWindow, Waiting<T>>();
  /** The queues of each key, the oldest first. */
  readonly #queuesOf = new Map<string, Set<Waiting<T>>>();
  /** How many messages of each key wait. A long one counts as several. */
  readonly #held = new Tally();

  /** @param sizeOf Returns the size of a message in memory, in characters. */
  constructor(sizeOf: (item: T) => number) {
    this.#sizeOf = sizeOf;
  }

  /** How many messages wait. A long one counts as several. */
  get heldCount(): number {
    return this.#held.total;
  }

  /** The queue of a sender's run; undefined if nothing of it waits. */
  find(window: SequenceWindow): Waiting<T> | undefined {
    return this.#queues.get(window);
  }

  /** All queues. One of them may be ended meanwhile. */
  values(): Iterable<Waiting<T>> {
    return this.#queues.values();
  }

  /** Begins a queue of a run that has none. */
  begin(queue: Waiting<T>): void {
    const { window } = queue;
    this.#queues.set(window, queue);
    this.#queuesOf.set(window.id, (this.#queuesOf.get(window.id) ?? new Set()).add(queue));
  }

  /** Has a message wait, unless it does already. */
  hold(queue: Waiting<T>, sequence: number, held: Held<T>): void {
    if (queue.add(sequence, held)) this.#held.add(queue.window.id, weigh(this.#sizeOf(held.item)));
  }

  /** Takes the first message of a queue out. There is one. */
  shift(queue: Waiting<T>): T {
    const item = queue.shift();
    this.#held.add(queue.window.id, -weigh(this.#sizeOf(item)));
    return item;
  }

  /** Ends a queue, which is empty. */
  end(queue: Waiting<T>): void {
    const { window } = queue;
    this.#queues.delete(window);
    const queues = this.#queuesOf.get(window.id)!;
    queues.delete(queue);
    if (queues.size === 0) this.#queuesOf.delete(window.id);
  }

  /** The oldest queue of the key of which too many messages wait, of its own or in all. */
  excessive(): Waiting<T> | undefined {
    const { most, total } = this.#held;
    const ofMost = most === undefined ? 0 : this.#held.of(most);
    if (ofMost <= MAX_HELD_OF_ONE_KEY && total <= MAX_HELD_MESSAGES) return undefined;
    return this.#queuesOf.get(most!)!.values().next().value;
  }
}
