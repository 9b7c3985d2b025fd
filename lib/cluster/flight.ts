/**
 * One entry on its way into the stream: published again and again until it is stored.
 *
 * @module
 */

import { Due } from "../async/due.ts";
import { readRefusal } from "./answer.ts";
import type { Published } from "./archive.ts";
import type { Connection, Message } from "./connection.ts";
import { ENTRY_RESEND_MS, REFUSED_RESEND_MS } from "./limits.ts";

/** What a {@linkcode Flight} works with. */
export interface FlightParts {
  /** The subject that the relay publishes to. */
  readonly subject: string;
  /** A clock in ms that never runs back. */
  readonly now: () => number;
  readonly stats: { resent: number };
  /** Tells whether what is stored comes back soon. */
  readonly isFollowing: () => boolean;
  /** Is told why an entry was not stored; undefined when one is. */
  readonly onHeld: (reason: string | undefined) => void;
  /** Is told that the entry is stored. */
  readonly onLanded: () => void;
}

/** What is used of a connection. */
export type Line = Pick<Connection, "publish" | "expect" | "forget">;

/**
 * The entry that is in flight. It is stored when the server says so, or when it comes back.
 *
 * While entries come back soon, the server is not asked to acknowledge them: that would cost a tenth
 * of a delivery. It is asked when one is sent again, and while the stream is not followed.
 */
export class Flight {
  readonly #parts: FlightParts;
  #connection: Line | undefined;
  #entry: Published | undefined;
  /** Where an answer about the entry is expected; undefined for none. */
  #reply: string | undefined;
  readonly #again: Due;

  constructor(parts: FlightParts) {
    this.#parts = parts;
    this.#again = new Due(() => this.#sendAgain(), parts.now);
  }

  /** The entry; undefined for none. */
  get entry(): Published | undefined {
    return this.#entry;
  }

  /** Whether an entry can be sent. */
  get isFree(): boolean {
    return this.#connection !== undefined && !this.#entry;
  }

  /** Goes on over another connection; undefined for none. What is in flight is sent again. */
  attach(connection: Line | undefined): void {
    this.#again.cancel();
    this.#expectNothing();
    this.#connection = connection;
    this.#sendAgain();
  }

  /** Sends an entry, when it {@linkcode isFree}. */
  send(entry: Published): void {
    this.#entry = entry;
    this.#publish(entry, !this.#parts.isFollowing());
  }

  /** Notes that the entry is stored. */
  land(): void {
    const entry = this.#entry!;
    this.#again.cancel();
    this.#expectNothing();
    this.#entry = undefined;
    entry.isStored = true;
    entry.storedAt = this.#parts.now();
    this.#parts.onHeld(undefined);
    this.#parts.onLanded();
  }

  /** Publishes an entry that was stored: others miss it. */
  repeat({ payload }: Published): void {
    this.#write(payload);
  }

  #sendAgain(): void {
    if (!this.#entry || !this.#connection) return;
    this.#parts.stats.resent++;
    this.#publish(this.#entry, true);
  }

  #publish(entry: Published, isAnswered: boolean): void {
    this.#expectNothing();
    if (isAnswered) this.#reply = this.#connection!.expect((message) => this.#hear(entry, message));
    this.#again.in(ENTRY_RESEND_MS);
    this.#write(entry.payload, this.#reply);
  }

  #write(payload: Uint8Array, reply?: string): void {
    try {
      this.#connection?.publish(this.#parts.subject, payload, reply);
    } catch (error) {
      // Such as a server that takes less in one message.
      this.#parts.onHeld((error as Error).message);
    }
  }

  #hear(entry: Published, message: Message): void {
    if (entry !== this.#entry) return;
    const refusal = readRefusal(message);
    if (refusal === undefined) return this.land();
    this.#parts.onHeld(refusal);
    this.#again.in(REFUSED_RESEND_MS);
  }

  #expectNothing(): void {
    if (this.#reply !== undefined) this.#connection?.forget(this.#reply);
    this.#reply = undefined;
  }
}
