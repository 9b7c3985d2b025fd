/**
 * Who goes first where many want to send more than may be sent.
 *
 * @module
 * @see docs/PROTOCOL.md, "Limits"
 */

import { TURN_MS } from "./limits.ts";

/** What is looked at in a sender. */
export interface TurningSender {
  readonly pace: {
    /** Bytes of the sender's last read: what it waits with. */
    readonly readBytes: number;
  };
}

/** Whole lines of a sender. */
export interface SentRun {
  readonly lines: number;
  readonly bytes: number;
  /** How many they go to. */
  readonly receivers: number;
}

/**
 * Senders that share what may be sent: while it is used up they wait. Each can send as much as every
 * other, and who has little to send goes before those that have much. There are 50 turns a second at
 * most.
 */
export abstract class Turns<S extends TurningSender> {
  /** Until when it is used up, by the clock of `performance.now()`. */
  #closedUntil = -Infinity;
  /** How many bytes each waiting sender will have sent of its share. The least goes first. */
  readonly #shares = new WeakMap<S, number>();
  /** The senders that wait, also while they look again. */
  readonly #held = new WeakSet<S>();
  /** What the sender that went last had sent of its share before. Who did not wait until then counts
   * as having sent as much. */
  #lastShare = 0;
  #waiting: { sender: S; resolve: () => void }[] = [];

  /** Tells whether what may be sent is used up. */
  isClosed(now: number): boolean {
    return now < this.#closedUntil;
  }

  /** Tells whether a sender has to wait with its last read. If not, that is sent at once. */
  isClosedTo(_sender: S, now: number): boolean {
    return this.isClosed(now);
  }

  /** Counts what a sender has sent. */
  abstract note(sender: S, run: SentRun, now: number): void;

  /** Notes that the lines that were counted are being written. */
  noteWrite(): void {}

  /** Waits for the next turn. The senders are told in their order, and look again. */
  wait(sender: S): Promise<void> {
    if (!this.#held.has(sender)) {
      const share = Math.max(this.#lastShare, this.#shares.get(sender) ?? 0);
      this.#shares.set(sender, share + sender.pace.readBytes);
      this.#held.add(sender);
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.#waiting.push({ sender, resolve }) === 1) {
      const ms = this.#closedUntil - performance.now();
      setTimeout(() => this.#takeTurn(), Math.max(ms, TURN_MS));
    }
    return promise;
  }

  /**
   * Notes that a sender has sent something.
   *
   * @param waitMs The time until as much may be sent again, in ms; 0 if it is not used up.
   */
  protected noteSent(sender: S, waitMs: number, now: number): void {
    if (this.#held.delete(sender)) {
      const share = this.#shares.get(sender)! - sender.pace.readBytes;
      this.#lastShare = Math.max(this.#lastShare, share);
    }
    if (waitMs > 0) this.#closedUntil = now + waitMs;
  }

  #takeTurn(): void {
    const turn = this.#waiting
      .map(({ sender, resolve }) => ({ share: this.#shares.get(sender)!, resolve }))
      .sort((a, b) => a.share - b.share);
    this.#waiting = [];
    for (const { resolve } of turn) resolve();
  }
}
