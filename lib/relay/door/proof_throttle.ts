/**
 * Failed proofs by network: after 5 within a minute, a network cannot begin a handshake for a
 * minute.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import {
  FAILED_PROOF_PAUSE_MS,
  FAILED_PROOF_WINDOW_MS,
  MAX_FAILED_ADDRESSES,
  MAX_FAILED_PROOFS,
} from "../limits.ts";

/**
 * Counts failed proofs. It remembers 4,096 networks with 5 times each.
 *
 * Networks are named as `networkOf()` does. Times are in ms by one clock.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const throttle = new ProofThrottle();
 * for (let i = 0; i < 5; i++) throttle.note("192.0.2.7", 0);
 * assert.equal(throttle.isClosedTo("192.0.2.7", 60_000), true);
 * assert.equal(throttle.isClosedTo("192.0.2.7", 60_001), false);
 * ```
 */
export class ProofThrottle {
  /** The times of failures that count, by network. The network that failed last comes last. */
  readonly #failures = new Map<string, number[]>();

  /** Counts a failure. */
  note(network: string, now: number): void {
    const times = this.#failures.get(network) ?? [];
    const recent = times.filter((time) => now - time <= FAILED_PROOF_WINDOW_MS);
    this.#failures.delete(network);
    this.#failures.set(network, [...recent, now].slice(-MAX_FAILED_PROOFS));
    if (this.#failures.size <= MAX_FAILED_ADDRESSES) return;
    const { value: oldest } = this.#failures.keys().next();
    this.#failures.delete(oldest!);
  }

  /** Tells whether a network has to pause. */
  isClosedTo(network: string, now: number): boolean {
    const times = this.#failures.get(network);
    if (!times || times.length < MAX_FAILED_PROOFS) return false;
    if (now - times.at(-1)! <= FAILED_PROOF_PAUSE_MS) return true;
    this.#failures.delete(network);
    return false;
  }
}
