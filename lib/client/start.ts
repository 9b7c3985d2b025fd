/**
 * When this run of the client came to the room, and what was written before that.
 *
 * @module
 * @see docs/PROTOCOL.md, "Receiving"
 */

import { epochTime } from "../protocol/epoch.ts";
import type { Header } from "../protocol/header.ts";

/** Times in messages and tokens are whole seconds: two of them may differ by as much more, in ms. */
const ROUNDING_MS = 1000;

/** What a {@linkcode Start} works with. */
export interface StartParts {
  /** This member, by its Ed25519 key in base64url. */
  readonly own: { readonly id: string };
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** A message that has just come. */
export interface Written {
  readonly header: Pick<Header, "id" | "time">;
  /** The time of its token, in unix seconds. */
  readonly issuedAt: number;
}

/** Tells which messages were written before this run of the client came. */
export class Start {
  readonly #parts: StartParts;
  /** When this client was live for the first time, by the clock that never runs back. */
  #at = -Infinity;

  constructor(parts: StartParts) {
    this.#parts = parts;
  }

  /** Whether a connection was lost since. */
  #hasReturned = false;

  /** Notes that this client is in the room for the first time. */
  note(): void {
    this.#at = this.#parts.monotonic();
  }

  /** Notes that this client is in the room again. */
  noteReturn(): void {
    this.#hasReturned = true;
  }

  /**
   * Whether messages of a run that was never heard of may have been lost with a connection.
   *
   * @param epoch The run's, in base64url.
   * @param mayBeSeen Whether messages of a time, in unix seconds, may have been seen and forgotten.
   */
  mayHaveMissed(epoch: string, mayBeSeen: (time: number) => boolean): boolean {
    return this.#hasReturned && !mayBeSeen(Math.floor(epochTime(epoch) / 1000));
  }

  /** Whether a message that has just come was written before. */
  isLaterThan({ header, issuedAt }: Written): boolean {
    const { own, now, monotonic } = this.#parts;
    // One sent again is in a token that is newer than it is. Both times are by its author's clock.
    const sinceMs = Math.max(0, issuedAt - header.time) * 1000;
    if (monotonic() - sinceMs < this.#at - ROUNDING_MS) return true;
    // This client did not get what its earlier runs wrote, so that nothing else tells a replay.
    // Another client of this member may have written it in the second in which this one came.
    const ownMs = header.id === own.id ? now() - header.time * 1000 : 0;
    return monotonic() - ownMs <= this.#at - ROUNDING_MS;
  }
}
