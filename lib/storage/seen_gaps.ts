/**
 * How many missing ranges the windows of each author have.
 *
 * @module
 */

import { MAX_MISSING_RANGES } from "../protocol/limits.ts";
import type { SequenceWindow } from "../protocol/sequence_window.ts";
import { MAX_ALL_MISSING_RANGES } from "./limits.ts";
import { Tally } from "./tally.ts";

/** Counts missing ranges, and tells who has too many. */
export class SeenGaps {
  readonly #byAuthor = new Tally();
  /** The windows that have any. */
  readonly #inWindow = new Map<SequenceWindow, number>();

  /** Counts the ranges of a window anew. */
  count(window: SequenceWindow): void {
    this.#set(window, window.missing.length);
  }

  /** Counts a window no more. */
  drop(window: SequenceWindow): void {
    this.#set(window, 0);
  }

  /**
   * Tells who has too many ranges, an author by itself or all together.
   *
   * @param id The author whose windows have changed.
   * @returns The author that has to lose one; undefined if nobody has.
   */
  excessive(id: string): string | undefined {
    if (this.#byAuthor.of(id) > MAX_MISSING_RANGES) return id;
    return this.#byAuthor.total > MAX_ALL_MISSING_RANGES ? this.#byAuthor.most : undefined;
  }

  #set(window: SequenceWindow, count: number): void {
    this.#byAuthor.add(window.id, count - (this.#inWindow.get(window) ?? 0));
    if (count === 0) this.#inWindow.delete(window);
    else this.#inWindow.set(window, count);
  }
}
