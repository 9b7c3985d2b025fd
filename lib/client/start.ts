/**
 * When this run of the client came to the room, and what was written before that.
 *
 * @module
 * @see docs/PROTOCOL.md, "Receiving"
 */

import { epochTime } from "../protocol/epoch.ts";
import type { Header } from "../protocol/header.ts";
import { type SequenceWindow, windowKey } from "../protocol/sequence_window.ts";
import { MAX_AGE_SECONDS, MAX_PASSED_RUNS } from "./limits.ts";

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
  /** Whether the user is not to see what was written before. */
  readonly hidesPast?: boolean;
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
  /** Whether a connection was lost since. */
  #hasReturned = false;
  /** How far runs were by then: the number of the last message of each, by key and epoch. */
  readonly #passed = new Map<string, number>();
  /** Windows of runs that nothing was heard of in an earlier run of this client. */
  readonly #met = new WeakSet<SequenceWindow>();

  constructor(parts: StartParts) {
    this.#parts = parts;
  }

  /** Notes that this client is in the room for the first time. */
  note(): void {
    this.#at = this.#parts.monotonic();
  }

  /** Notes that this client is in the room again. */
  noteReturn(): void {
    this.#hasReturned = true;
  }

  /** Notes a message that came before this client was in the room, and that it did not show. */
  passOver({ id, epoch, sequence }: Pick<Header, "id" | "epoch" | "sequence">): void {
    const run = windowKey(id, epoch);
    this.#passed.set(run, Math.max(sequence, this.#passed.get(run) ?? 0));
    if (this.#passed.size > MAX_PASSED_RUNS) this.#passed.delete(this.#passed.keys().next().value!);
  }

  /**
   * Notes a run of which nothing was shown before. If a connection was lost since, and it is known how
   * far the run was before this client came, the window begins there: what comes next was missed.
   *
   * @param isKept Whether the window is that of the run's next message, too.
   * @returns Whether the window begins there.
   */
  meet(window: SequenceWindow, isKept: boolean): boolean {
    this.#met.add(window);
    const last = this.#hasReturned
      ? this.#passed.get(windowKey(window.id, window.epoch))
      : undefined;
    if (last === undefined || !isKept) return false;
    window.next = last + 1;
    return true;
  }

  /** Whether a time is too far from this clock's, in either direction. */
  isOff(time: number): boolean {
    return Math.abs(this.#parts.now() / 1000 - time) > MAX_AGE_SECONDS;
  }

  /**
   * Whether the user is not to see what was written before. What an earlier run of this client waits
   * for is shown all the same, and so is what a clock that is wrong has dated.
   */
  hides(window: SequenceWindow, time: number): boolean {
    return (this.#parts.hidesPast ?? false) && this.#met.has(window) && !this.isOff(time);
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
