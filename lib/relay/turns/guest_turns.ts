/**
 * What the guests of a room may cost it, all together.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import { GUESTS_BYTES_PER_SECOND, GUESTS_WRITE_BYTES } from "./limits.ts";
import { type SentRun, type TurningSender, Turns } from "./turns.ts";

/**
 * Lets guests' lines in as they come, up to 64 MiB a second of what is written for them to all
 * others. Beyond that, guests wait for their {@linkcode Turns}.
 *
 * A turn's lines leave in one write for each receiver. So many guests cost little more than one does.
 */
export class GuestTurns<G extends TurningSender> extends Turns<G> {
  readonly #bucket: TokenBucket;
  /** Whether the writes that are about to begin were counted. */
  #isWriteCounted = false;

  /** @param now The time, by the clock of `performance.now()`. */
  constructor(now: number) {
    super();
    const perSecond = GUESTS_BYTES_PER_SECOND;
    this.#bucket = new TokenBucket({ perSecond, burst: perSecond }, now);
  }

  note(guest: G, { bytes, receivers }: SentRun, now: number): void {
    const written = bytes + (this.#isWriteCounted ? 0 : GUESTS_WRITE_BYTES);
    this.#isWriteCounted = true;
    this.noteSent(guest, this.#bucket.spend(written * receivers, now), now);
  }

  /** Further lines cost further writes. */
  override noteWrite(): void {
    this.#isWriteCounted = false;
  }
}
