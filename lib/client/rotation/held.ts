/**
 * Tokens that cannot be read yet: they may be under a newer key, which is on its way.
 *
 * @module
 */

import type { Phase } from "../phase.ts";
import { HOLD_MS, MAX_HELD_CHARS, MAX_HELD_TOKENS } from "./limits.ts";

/** A token that waits. */
export interface HeldToken {
  readonly token: string;
  /** How it came. */
  readonly phase: Phase;
  /** When it came, in ms. */
  readonly at: number;
  /** Whether the user was told of it, or is not to be told. */
  isTold: boolean;
}

/**
 * Holds tokens, bounded in number and size: the oldest go first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const held = new Held();
 * held.add({ token: "gAAAAA...", phase: "live", at: 0, isTold: false });
 * assert.equal(held.overdue(5001), 1);
 * assert.equal(held.overdue(5002), 0);
 * assert.equal(held.takeAll().length, 1);
 * ```
 */
export class Held {
  #tokens: HeldToken[] = [];
  #chars = 0;

  /** How many tokens wait. */
  get size(): number {
    return this.#tokens.length;
  }

  /**
   * Holds a token.
   *
   * @returns How many tokens went for want of room of which the user was not told.
   */
  add(held: HeldToken): number {
    this.#tokens.push(held);
    this.#chars += held.token.length;
    let untold = 0;
    while (this.#tokens.length > MAX_HELD_TOKENS || this.#chars > MAX_HELD_CHARS) {
      const dropped = this.#tokens.shift()!;
      this.#chars -= dropped.token.length;
      if (!dropped.isTold) untold++;
    }
    return untold;
  }

  /** Holds a token again that was taken out. */
  restore(token: HeldToken): void {
    this.#tokens.push(token);
    this.#chars += token.token.length;
  }

  /**
   * Counts tokens that wait for too long: the user is told of them, and they go on waiting.
   *
   * @param now The time, in ms; infinite for all of them.
   */
  overdue(now: number): number {
    const late = this.#tokens.filter(({ at, isTold }) => !isTold && now - at > HOLD_MS);
    for (const token of late) token.isTold = true;
    return late.length;
  }

  /** Takes all tokens out, in the order in which they came. */
  takeAll(): HeldToken[] {
    const tokens = this.#tokens;
    this.#tokens = [];
    this.#chars = 0;
    return tokens;
  }
}
