/**
 * What the guests of a room may cost it, all together.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import { TokenBucket } from "../async/token_bucket.ts";
import { GUEST_TURN_MS, GUESTS_BYTES_PER_SECOND, GUESTS_WRITE_BYTES } from "./limits.ts";

/** What is looked at in a guest. */
export interface TurningGuest {
  readonly pace: {
    /** Bytes of the guest's last read: what it waits with. */
    readonly readBytes: number;
  };
}

/**
 * Lets guests' lines in as they come, up to 64 MiB a second of what is written for them to all
 * others. Beyond that, guests wait, and share what may be written: each can send as much as every
 * other, and who has little to send goes before those that have much. There are 50 turns a second at
 * most.
 *
 * A turn's lines leave in one write for each receiver. So many guests cost little more than one does.
 */
export class GuestTurns<G extends TurningGuest> {
  readonly #bucket: TokenBucket;
  /** Whether the writes that are about to begin were counted. */
  #isWriteCounted = false;
  /** Until when guests have used up what they may, by the clock of `performance.now()`. */
  #closedUntil = -Infinity;
  /** How many bytes each waiting guest will have sent of its share. The least goes first. */
  readonly #shares = new WeakMap<G, number>();
  /** The guests that wait, also while they look again. */
  readonly #held = new WeakSet<G>();
  /** What the guest that went last had sent of its share before. Who did not wait until then counts
   * as having sent as much. */
  #lastShare = 0;
  #waiting: { guest: G; resolve: () => void }[] = [];

  /** @param now The time, by the clock of `performance.now()`. */
  constructor(now: number) {
    const perSecond = GUESTS_BYTES_PER_SECOND;
    this.#bucket = new TokenBucket({ perSecond, burst: perSecond }, now);
  }

  /** Tells whether guests have to wait. */
  isClosed(now: number): boolean {
    return now < this.#closedUntil;
  }

  /**
   * Counts lines of a guest.
   *
   * @param guest Who sent them.
   * @param bytes Their bytes.
   * @param receivers How many they go to.
   * @param now The time.
   */
  note(guest: G, bytes: number, receivers: number, now: number): void {
    if (this.#held.delete(guest)) {
      const share = this.#shares.get(guest)! - guest.pace.readBytes;
      this.#lastShare = Math.max(this.#lastShare, share);
    }
    const written = bytes + (this.#isWriteCounted ? 0 : GUESTS_WRITE_BYTES);
    this.#isWriteCounted = true;
    const wait = this.#bucket.spend(written * receivers, now);
    if (wait > 0) this.#closedUntil = now + wait;
  }

  /** Notes that the lines that were counted are being written. Further ones cost further writes. */
  noteWrite(): void {
    this.#isWriteCounted = false;
  }

  /** Waits for the next turn. The guests are told in their order, and look again. */
  wait(guest: G): Promise<void> {
    if (!this.#held.has(guest)) {
      const share = Math.max(this.#lastShare, this.#shares.get(guest) ?? 0);
      this.#shares.set(guest, share + guest.pace.readBytes);
      this.#held.add(guest);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#waiting.push({ guest, resolve }) === 1) {
      const ms = this.#closedUntil - performance.now();
      setTimeout(() => this.#takeTurn(), Math.max(ms, GUEST_TURN_MS));
    }
    return promise;
  }

  #takeTurn(): void {
    const turn = this.#waiting
      .map(({ guest, resolve }) => ({ share: this.#shares.get(guest)!, resolve }))
      .sort((a, b) => a.share - b.share);
    this.#waiting = [];
    for (const { resolve } of turn) resolve();
  }
}
