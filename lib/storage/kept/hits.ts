/**
 * Collecting what a search finds.
 *
 * @module
 */

import { findInBlock, type KeptMessage, parseBlock } from "./block.ts";

/** Messages with a text in `<nickname> text`: how many there are, and the last of them. */
export class Hits {
  /** How many messages there are. */
  count = 0;
  readonly #pattern: string;
  readonly #found: KeptMessage[][] = [];
  #left: number;

  /**
   * @param pattern The text to look for. Letter case does not matter.
   * @param most How many messages are wanted.
   */
  constructor(pattern: string, most: number) {
    this.#pattern = pattern;
    this.#left = most;
  }

  /** Searches a block: the last one first. */
  take(block: string): void {
    const places = findInBlock(block, this.#pattern);
    this.count += places.length;
    if (this.#left <= 0 || places.length === 0) return;
    const messages = parseBlock(block);
    this.#found.unshift(places.slice(-this.#left).map((place) => messages[place]!));
    this.#left -= places.length;
  }

  /** The last messages, in order. */
  get last(): KeptMessage[] {
    return this.#found.flat();
  }
}
