/**
 * How much a connection may send, and how much all guests of one network may.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import { GUEST_NETWORK_RATE, GUEST_RATE, MAX_GUEST_NETWORKS, type Rate } from "../limits.ts";

/** A bound on lines, and one on bytes. */
export class Allowance {
  readonly #lines: TokenBucket;
  readonly #bytes: TokenBucket;
  readonly #shared: Allowance | undefined;

  /**
   * @param rate How much may be sent.
   * @param now The time, in ms.
   * @param shared What others use, too, and what is sent has to fit in as well.
   */
  constructor(rate: Rate, now: number, shared?: Allowance) {
    const { linesPerSecond, linesBurst, bytesPerSecond, bytesBurst } = rate;
    this.#lines = new TokenBucket({ perSecond: linesPerSecond, burst: linesBurst }, now);
    this.#bytes = new TokenBucket({ perSecond: bytesPerSecond, burst: bytesBurst }, now);
    this.#shared = shared;
  }

  /**
   * Takes lines and bytes, even more than are left. Some are owed then.
   *
   * @param now The time, in ms.
   * @returns The time until nothing is owed, in ms.
   */
  spend(lines: number, bytes: number, now: number): number {
    const own = Math.max(this.#lines.spend(lines, now), this.#bytes.spend(bytes, now));
    return Math.max(own, this.#shared?.spend(lines, bytes, now) ?? 0);
  }
}

/**
 * Opens allowances of guests. All guests of a network together have the rate of one member, and one
 * burst. So a guest that comes back again and again gets no new burst.
 *
 * It remembers 4,096 networks, those from which guests have last begun to send.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const allowances = new GuestAllowances();
 * assert.equal(allowances.open("192.0.2.7", 0).spend(2000, 0, 0), 0);
 * assert.equal(allowances.open("192.0.2.7", 0).spend(5, 0, 0), 10);
 * ```
 */
export class GuestAllowances {
  readonly #byNetwork = new Map<string, Allowance>();

  /**
   * Opens an allowance for a connection.
   *
   * @param network Its network, as `networkOf()` names it.
   * @param now The time, in ms.
   */
  open(network: string, now: number): Allowance {
    const shared = this.#byNetwork.get(network) ?? new Allowance(GUEST_NETWORK_RATE, now);
    this.#byNetwork.delete(network);
    this.#byNetwork.set(network, shared);
    if (this.#byNetwork.size > MAX_GUEST_NETWORKS) {
      const { value: oldest } = this.#byNetwork.keys().next();
      this.#byNetwork.delete(oldest!);
    }
    return new Allowance(GUEST_RATE, now, shared);
  }
}
