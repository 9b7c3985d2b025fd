/**
 * How much a client sends again because others ask.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import { TokenBucket } from "../async/token_bucket.ts";
import { MAX_ASKERS, RESEND_RATE, RESEND_RATE_OF_ONE_ASKER, RESENT_LINE_BYTES } from "./limits.ts";
import type { OutboxEntry } from "./outbox.ts";

/**
 * A budget of bytes, for each asker and for all. The less of it is left, the less an asker must have
 * taken lately to get more. A question is answered whole or not at all, so both may owe bytes.
 */
export class ResendBudget {
  readonly #total: TokenBucket;
  /** What is left for each asker, by its key. The one that was answered last comes last. */
  readonly #askers = new Map<string, TokenBucket>();

  /** @param now The time, in ms. */
  constructor(now: number) {
    this.#total = new TokenBucket(RESEND_RATE, now);
  }

  /**
   * Tells whether a question is to be answered.
   *
   * @param asker The asker's key.
   * @param now The time, in ms.
   */
  mayAnswer(asker: string, now: number): boolean {
    const own = this.#askers.get(asker)?.fullness(now) ?? 1;
    return own + this.#total.fullness(now) >= 1;
  }

  /**
   * Counts an answer.
   *
   * @param asker The asker's key.
   * @param entries The messages that are sent again.
   * @param now The time, in ms.
   */
  charge(asker: string, entries: readonly Pick<OutboxEntry, "plaintext">[], now: number): void {
    if (entries.length === 0) return;
    const bytes = entries.reduce((sum, { plaintext }) => {
      return sum + plaintext.length + RESENT_LINE_BYTES;
    }, 0);
    const bucket = this.#askers.get(asker) ?? new TokenBucket(RESEND_RATE_OF_ONE_ASKER, now);
    this.#total.spend(bytes, now);
    bucket.spend(bytes, now);
    this.#askers.delete(asker);
    this.#askers.set(asker, bucket);
    if (this.#askers.size > MAX_ASKERS) this.#askers.delete(this.#askers.keys().next().value!);
  }
}
