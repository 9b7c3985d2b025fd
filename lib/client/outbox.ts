/**
 * What this client has written: kept until the relay has it, and a while
 * longer for those who missed it.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import {
  MAX_OUTBOX_BYTES,
  MAX_OUTBOX_MESSAGES,
  MAX_UNTAKEN_BYTES,
  MAX_UNTAKEN_MESSAGES,
  RECENT_COPY_MS,
  RESEND_MS,
} from "./limits.ts";

/** A message that was written. */
export interface OutboxEntry {
  /** Its number in this epoch. */
  readonly sequence: number;
  /** Sealed and padded, or plain text. */
  readonly plaintext: Uint8Array;
  /** When it was written, by the clock given. */
  readonly at: number;
  /** Whether it may be sent again after the relay had it: receivers know it by its number. */
  readonly isNumbered: boolean;
  /** Whether the relay is not to keep it for those who come later. */
  readonly isFleeting?: boolean;
  /** Its token, if every copy must be the same for receivers to know it. */
  token?: string;
  /** When it was sent last. */
  sentAt?: number;
  /** When the relay had it. */
  takenAt?: number;
}

/**
 * The messages of one epoch, in order, bounded in number and bytes.
 *
 * Those that the relay has not taken are never dropped: `isFull` says when no
 * more can be written for now.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const outbox = new Outbox();
 * const plaintext = new Uint8Array(511);
 * outbox.add({ sequence: 0, plaintext, at: 0, isNumbered: true });
 * assert.equal(outbox.nextToSend(16, 0).length, 1);
 * outbox.take(0);
 * assert.equal(outbox.untaken, 0);
 * ```
 */
export class Outbox {
  #entries: OutboxEntry[] = [];
  #bytes = 0;
  #untakenBytes = 0;
  /** Entries before this number have been taken by the relay. */
  #takenBefore = 0;
  /** Entries before this number have been sent on this connection, or need not be. */
  #sentBefore = 0;
  /** What is sent again on this connection, before what is new. */
  #again: OutboxEntry[] = [];
  #changed = Promise.withResolvers<void>();

  /** Settles when there is something new to send, or the relay has taken something. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Wakes who waits for a change, to look again. */
  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** Messages that the relay has not taken. */
  get untaken(): number {
    const last = this.#entries.at(-1);
    return last ? Math.max(0, last.sequence + 1 - this.#takenBefore) : 0;
  }

  /** Whether more must not be written before the relay has taken something. */
  get isFull(): boolean {
    return this.untaken >= MAX_UNTAKEN_MESSAGES || this.#untakenBytes >= MAX_UNTAKEN_BYTES;
  }

  /** The number of the last message written; -1 before the first. */
  get last(): number {
    return this.#entries.at(-1)?.sequence ?? this.#takenBefore - 1;
  }

  /**
   * Tells whether the relay has all messages up to one.
   *
   * @param sequence The last of them.
   */
  hasTaken(sequence: number): boolean {
    return sequence < this.#takenBefore;
  }

  /**
   * Adds a message.
   *
   * @param entry The next in order. Those that the relay has and that are too many go.
   */
  add(entry: OutboxEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.plaintext.length;
    this.#untakenBytes += entry.plaintext.length;
    this.#trim();
    this.wake();
  }

  /**
   * Returns what is to be sent next, and counts it as sent.
   *
   * @param count So many at most.
   * @param now The clock's time, in ms.
   */
  nextToSend(count: number, now: number): OutboxEntry[] {
    const batch = this.#again.splice(0, count);
    const from = this.#indexOf(this.#sentBefore);
    const fresh = this.#entries.slice(from, from + count - batch.length);
    const last = fresh.at(-1);
    if (last) this.#sentBefore = last.sequence + 1;
    batch.push(...fresh);
    for (const entry of batch) entry.sentAt = now;
    return batch;
  }

  /**
   * Notes that the relay has all messages up to one.
   *
   * @param sequence The last of them.
   * @param now The clock's time, in ms; when each was written by default.
   */
  take(sequence: number, now?: number): void {
    const from = this.#indexOf(this.#takenBefore);
    this.#takenBefore = Math.max(this.#takenBefore, sequence + 1);
    const to = this.#indexOf(this.#takenBefore);
    for (const entry of this.#entries.slice(from, to)) {
      this.#untakenBytes -= entry.plaintext.length;
      entry.takenAt = now ?? entry.at;
    }
    this.#trim();
    this.wake();
  }

  /**
   * Begins a new connection: what was not taken is sent again, and what was taken in the last
   * 60 s too, as the relay may have lost it.
   *
   * @param now The clock's time, in ms.
   */
  reconnect(now: number): void {
    const taken = this.#entries.slice(0, this.#indexOf(this.#takenBefore));
    this.#again = taken.filter(({ at, takenAt = at, isNumbered }) =>
      isNumbered && now - takenAt <= RESEND_MS
    );
    this.#sentBefore = this.#takenBefore;
  }

  /**
   * Sends messages again that somebody missed.
   *
   * @param from The first.
   * @param to The last, included.
   * @param now The clock's time, in ms.
   * @returns How many are sent: those that are still here, and not on their way already.
   */
  resend(from: number, to: number, now: number): number {
    const waiting = new Set(this.#again);
    const wanted = this.#entries.slice(this.#indexOf(from), this.#indexOf(to + 1))
      .filter((entry) => entry.isNumbered && entry.sequence < this.#sentBefore)
      .filter((entry) => !waiting.has(entry) && now - (entry.sentAt ?? now) > RECENT_COPY_MS);
    this.#again.push(...wanted);
    this.wake();
    return wanted.length;
  }

  /** Drops the oldest that the relay has. */
  #trim(): void {
    let count = 0;
    for (const { sequence, plaintext } of this.#entries) {
      const isTooMuch = this.#entries.length - count > MAX_OUTBOX_MESSAGES ||
        this.#bytes > MAX_OUTBOX_BYTES;
      if (!isTooMuch || sequence >= this.#takenBefore) break;
      this.#bytes -= plaintext.length;
      count++;
    }
    if (count > 0) this.#entries.splice(0, count);
  }

  /** The index of the first entry with that number or a later one. */
  #indexOf(sequence: number): number {
    // Not by subtraction: the number of a message that could not be sealed is missing.
    const index = this.#entries.findIndex((entry) => entry.sequence >= sequence);
    return index < 0 ? this.#entries.length : index;
  }
}
