/**
 * What waits to be printed above the prompt.
 *
 * @module
 */

import { KIB } from "../../bytes/units.ts";
import type { Item } from "./draw.ts";

/** Items that go to the terminal in one repaint. */
export const MAX_REPAINT_ITEMS = 1000;
/**
 * Characters after which a repaint takes no further item. A slow terminal takes them in a moment.
 */
export const MAX_REPAINT_CHARS = 256 * KIB;
/** Time, in ms, after which a repaint lays out no further item. Keys wait during a repaint. */
export const MAX_LAYOUT_MS = 100;
/** Items that wait for the terminal: two bursts of a member, 30 MiB if each is short. */
export const MAX_UNDRAWN_ITEMS = 40_000;

interface Waiting {
  readonly item: Item;
  readonly settle: PromiseWithResolvers<void>;
}

/** What was taken to be printed now. */
export interface Printing {
  /** Rows, each with its line break. */
  readonly text: string;
  /** Tells all who wait for it that it is on the screen. */
  readonly settle: () => void;
  /** Tells them that printing failed, and why. */
  readonly fail: (error: unknown) => void;
}

/**
 * Items in the order in which they came, 40,000 at most.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const queue = new PrintQueue();
 * const printed = queue.push(() => ["hello"]);
 * const { text, settle } = queue.take(80, () => 0);
 * assert.equal(text, "hello\r\n");
 * settle();
 * await printed;
 * ```
 */
export class PrintQueue {
  readonly #waiting: Waiting[] = [];

  /** How many items wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /**
   * Adds an item.
   *
   * @param item Laid out when it is taken.
   * @returns When it is printed.
   * @throws {RangeError} (as a rejection) If 40,000 items wait already.
   * @throws {Error} (as a rejection) What `item` throws, or printing failed with.
   */
  push(item: Item): Promise<void> {
    if (this.#waiting.length >= MAX_UNDRAWN_ITEMS) {
      return Promise.reject(new RangeError("Cannot print: too much waits for the terminal"));
    }
    const settle = Promise.withResolvers<void>();
    this.#waiting.push({ item, settle });
    return settle.promise;
  }

  /**
   * Takes the first items, as many as one repaint bears.
   *
   * @param columns The width to lay them out for.
   * @param monotonic A clock in ms that never runs back: it bounds how long the keys
   * are held back.
   * @returns Their text.
   */
  take(columns: number, monotonic: () => number): Printing {
    const laid: Waiting[] = [];
    const giveUpAt = monotonic() + MAX_LAYOUT_MS;
    let text = "";
    let taken = 0;
    for (const waiting of this.#waiting) {
      if (taken === MAX_REPAINT_ITEMS || text.length >= MAX_REPAINT_CHARS) break;
      if (taken > 0 && monotonic() >= giveUpAt) break;
      taken++;
      try {
        for (const row of waiting.item(columns)) text += `${row}\r\n`;
        laid.push(waiting);
      } catch (error) {
        waiting.settle.reject(error);
      }
    }
    this.#waiting.splice(0, taken);
    return {
      text,
      settle: () => laid.forEach(({ settle }) => settle.resolve()),
      fail: (error) => laid.forEach(({ settle }) => settle.reject(error)),
    };
  }
}
