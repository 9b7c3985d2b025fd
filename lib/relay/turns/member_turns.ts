/**
 * What the members of a room may send, all together.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import { MEMBER_RESERVE, MEMBERS_RATE } from "./limits.ts";
import { Allowance } from "../peer/allowance.ts";
import { type SentRun, type TurningSender, Turns } from "./turns.ts";

/**
 * Lets members' lines in as they come, as many as a client can read beside its other work. Beyond
 * that, members wait for their {@linkcode Turns}: one with many connections holds up itself.
 *
 * Each connection has a reserve besides. Who talks waits for nobody who floods.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const turns = new MemberTurns(0);
 * const [flooder, talker] = [{ pace: { readBytes: 262_144 } }, { pace: { readBytes: 700 } }];
 * turns.note(flooder, { lines: 10_000, bytes: 262_144, receivers: 9 }, 0);
 * assert.equal(turns.isClosedTo(flooder, 0), true);
 * assert.equal(turns.isClosedTo(talker, 0), false);
 * ```
 */
export class MemberTurns<M extends TurningSender> extends Turns<M> {
  readonly #all: Allowance;
  /** Of those that had something to send while all that may be sent was used up. */
  readonly #reserves = new WeakMap<M, TokenBucket>();

  /** @param now The time, by the clock of `performance.now()`. */
  constructor(now: number) {
    super();
    this.#all = new Allowance(MEMBERS_RATE, now);
  }

  override isClosedTo(member: M, now: number): boolean {
    if (!this.isClosed(now)) return false;
    const reserve = this.#reserves.get(member) ?? new TokenBucket(MEMBER_RESERVE, now);
    this.#reserves.set(member, reserve);
    return !reserve.take(member.pace.readBytes, now);
  }

  note(member: M, { lines, bytes }: SentRun, now: number): void {
    this.noteSent(member, this.#all.spend(lines, bytes, now), now);
  }
}
