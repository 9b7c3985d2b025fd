/**
 * Wrong names of slots by network: after 5 within a minute, a network visits no slot for a minute.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import { MAX_WRONG_SLOT_NETWORKS, MAX_WRONG_SLOTS, WRONG_SLOT_WINDOW_MS } from "../limits.ts";

/**
 * Counts wrong names. It remembers 4,096 networks with 5 times each.
 *
 * Networks are named as `networkOf()` does. Times are in ms by one clock.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const throttle = new SlotThrottle();
 * for (let i = 0; i < 5; i++) throttle.note("192.0.2.7", 0);
 * assert.equal(throttle.isClosedTo("192.0.2.7", 60_000), true);
 * assert.equal(throttle.isClosedTo("192.0.2.7", 60_001), false);
 * ```
 */
export class SlotThrottle {
  /** The times of the wrong names that count, by network. The network that failed last comes last. */
  readonly #failures = new Map<string, number[]>();

  /** Counts a wrong name. */
  note(network: string, now: number): void {
    const times = this.#failures.get(network) ?? [];
    const recent = times.filter((time) => now - time <= WRONG_SLOT_WINDOW_MS);
    this.#failures.delete(network);
    this.#failures.set(network, [...recent, now].slice(-MAX_WRONG_SLOTS));
    if (this.#failures.size <= MAX_WRONG_SLOT_NETWORKS) return;
    const { value: oldest } = this.#failures.keys().next();
    this.#failures.delete(oldest!);
  }

  /** Tells whether a network has to pause. */
  isClosedTo(network: string, now: number): boolean {
    const times = this.#failures.get(network);
    if (!times || times.length < MAX_WRONG_SLOTS) return false;
    if (now - times.at(-1)! <= WRONG_SLOT_WINDOW_MS) return true;
    this.#failures.delete(network);
    return false;
  }
}
