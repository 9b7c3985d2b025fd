/**
 * The messages of one sender's run that wait for missing ones before them.
 *
 * @module
 */

import type { SequenceWindow } from "../protocol/sequence_window.ts";
import { HELD_MESSAGE_CHARS } from "./limits.ts";

/** A message that waits. */
export interface Held<T> {
  readonly item: T;
  /** What is missing before it ends below this number. */
  readonly from: number;
}

/** Messages that wait, by their numbers, and since when. All times are in ms. */
export class Waiting<T> {
  readonly window: SequenceWindow;
  readonly since: number;
  /** When the last missing message came, or the first that waits; time that does not count is left out. */
  progressAt: number;
  /** Whether it waits for what was missed around a reconnect, which takes longer. */
  isPatient = false;
  /** How many missing messages have come. */
  filled = 0;
  /** When to ask for the first gap. */
  askAt: number;
  /** How often it was asked for since the last missing message came. */
  asked = 0;
  /** Others that have asked for the first gap. */
  readonly askers = new Set<string>();
  readonly #held = new Map<number, Held<T>>();
  /** Their numbers. They ascend. */
  readonly #numbers: number[] = [];

  constructor(window: SequenceWindow, times: { readonly now: number; readonly askAt: number }) {
    this.window = window;
    this.since = times.now;
    this.progressAt = times.now;
    this.askAt = times.askAt;
  }

  /** How many messages wait. */
  get size(): number {
    return this.#held.size;
  }

  /** The number of the first that waits; undefined if there is none. */
  get first(): number | undefined {
    return this.#numbers[0];
  }

  /** The first that waits. There is one. */
  get held(): Held<T> {
    return this.#held.get(this.#numbers[0]!)!;
  }

  /**
   * Adds a message.
   *
   * @returns Whether it did not wait already.
   */
  add(sequence: number, held: Held<T>): boolean {
    if (this.#held.has(sequence)) return false;
    this.#held.set(sequence, held);
    let [low, high] = [0, this.#numbers.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < sequence) low = middle + 1;
      else high = middle;
    }
    this.#numbers.splice(low, 0, sequence);
    return true;
  }

  /** Takes the first message out. There is one. */
  shift(): T {
    const sequence = this.#numbers.shift()!;
    const { item } = this.#held.get(sequence)!;
    this.#held.delete(sequence);
    return item;
  }

  /** Notes that a missing message has come. */
  progress(now: number): void {
    this.filled++;
    this.begin(now);
  }

  /** Begins to wait anew. */
  begin(now: number): void {
    this.progressAt = now;
    this.asked = 0;
    this.askers.clear();
  }
}

/** As how many messages one counts that waits: a long one as several. */
export function weigh(chars: number): number {
  return Math.max(1, Math.ceil(chars / HELD_MESSAGE_CHARS));
}
