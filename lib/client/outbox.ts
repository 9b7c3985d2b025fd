/**
 * The messages that this client has written. Each is kept until the relay has taken it, and for a
 * while longer, for members that missed it.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import type { GenerationName } from "../crypto/room_secret.ts";
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
  /** A sealed and padded envelope, or plain text. */
  readonly plaintext: Uint8Array;
  /** When the message was written, in ms. */
  readonly at: number;
  /** Whether receivers know a copy by its number. Only then may a taken message be sent again. */
  readonly isNumbered: boolean;
  /** Whether the relay is not to keep it for those who come later. */
  readonly isFleeting?: boolean;
  /** The generation under whose key it is written; that of the time of writing by default. */
  readonly under?: GenerationName;
  /** Its token, if every copy must be the same for receivers to know it. */
  token?: string;
  /** When the message was last sent, in ms. */
  sentAt?: number;
  /** When the relay had taken the message, in ms. */
  takenAt?: number;
}

/**
 * The messages of one epoch, in order, bounded in number and bytes. All times are in ms by one
 * clock.
 *
 * A message that the relay has not taken is never dropped. `isFull` tells when no more messages may
 * be written for now.
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
  /** The relay has taken the entries before this number. */
  #takenBefore = 0;
  /** The entries before this number have been sent on this connection, or need not be. */
  #sentBefore = 0;
  /** Entries that are sent again on this connection, before new ones. */
  #again: OutboxEntry[] = [];
  #changed = Promise.withResolvers<void>();

  /** Settles when there may be a message to send, or when the relay has taken one. */
  get changed(): Promise<void> {
    return this.#changed.promise;
  }

  /** Settles `changed`, so that all that wait for it look again. */
  wake(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  /** How many messages the relay has not taken. */
  get untaken(): number {
    const last = this.#entries.at(-1);
    return last ? Math.max(0, last.sequence + 1 - this.#takenBefore) : 0;
  }

  /** Whether no more messages may be written before the relay has taken some. */
  get isFull(): boolean {
    return this.untaken >= MAX_UNTAKEN_MESSAGES || this.#untakenBytes >= MAX_UNTAKEN_BYTES;
  }

  /** The number of the last message written; -1 before the first. */
  get last(): number {
    return this.#entries.at(-1)?.sequence ?? this.#takenBefore - 1;
  }

  /**
   * Tells whether the relay has taken all messages up to one.
   *
   * @param sequence The number of the last one.
   */
  hasTaken(sequence: number): boolean {
    return sequence < this.#takenBefore;
  }

  /**
   * Adds a message. If there are too many, the oldest that the relay has taken are dropped.
   *
   * @param entry The next message in order.
   */
  add(entry: OutboxEntry): void {
    this.#entries.push(entry);
    this.#bytes += entry.plaintext.length;
    this.#untakenBytes += entry.plaintext.length;
    this.#trim();
    this.wake();
  }

  /**
   * Returns the messages to be sent next, and counts them as sent.
   *
   * @param count How many messages at most.
   * @param now The time, in ms.
   * @param maxBytes How many bytes of plaintext at most, unless the first message alone has more.
   */
  nextToSend(count: number, now: number, maxBytes: number = Infinity): OutboxEntry[] {
    const from = this.#indexOf(this.#sentBefore);
    const next = [...this.#again.slice(0, count), ...this.#entries.slice(from, from + count)];
    let bytes = 0;
    const tooMuch = next.findIndex(({ plaintext: { length } }, i) => {
      bytes += length;
      return i === count || i > 0 && bytes > maxBytes;
    });
    const batch = tooMuch < 0 ? next : next.slice(0, tooMuch);
    const again = this.#again.splice(0, batch.length);
    if (batch.length > again.length) this.#sentBefore = batch.at(-1)!.sequence + 1;
    for (const entry of batch) entry.sentAt = now;
    return batch;
  }

  /**
   * Notes that the relay has taken all messages up to one.
   *
   * @param sequence The number of the last one.
   * @param now The time, in ms; by default, the time when each message was written.
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
   * Begins a new connection. All messages that were not taken are sent again. Messages that were
   * taken in the last 60 s are sent again, too, as the relay may have lost them.
   *
   * @param now The time, in ms.
   */
  reconnect(now: number): void {
    const taken = this.#entries.slice(0, this.#indexOf(this.#takenBefore));
    this.#again = taken.filter(({ at, takenAt = at, isNumbered }) =>
      isNumbered && now - takenAt <= RESEND_MS
    );
    this.#sentBefore = this.#takenBefore;
  }

  /**
   * Plans to send messages again that a member missed. Messages that are no longer here are left
   * out, and those that were sent within the last second.
   *
   * @param from The number of the first message.
   * @param to The number of the last message, included.
   * @param now The time, in ms.
   * @returns The messages that are sent again.
   */
  resend(from: number, to: number, now: number): readonly OutboxEntry[] {
    const waiting = new Set(this.#again);
    const wanted = this.#entries.slice(this.#indexOf(from), this.#indexOf(to + 1))
      .filter((entry) => entry.isNumbered && entry.sequence < this.#sentBefore)
      .filter((entry) => !waiting.has(entry) && now - (entry.sentAt ?? now) > RECENT_COPY_MS);
    this.#again.push(...wanted);
    this.wake();
    return wanted;
  }

  /** Drops the oldest messages that the relay has taken, as long as a bound is exceeded. */
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

  /** The index of the first entry with that number or a higher one. */
  #indexOf(sequence: number): number {
    // A subtraction would not do: a message that could not be sealed leaves its number unused.
    let [low, high] = [0, this.#entries.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#entries[middle]!.sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
