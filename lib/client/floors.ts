/**
 * Times below which a message may have been seen before, though nothing else tells.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import type { Seen } from "../storage/seen.ts";
import { MAX_AGE_SECONDS } from "./limits.ts";

/** What {@linkcode Floors} work with. All times are in unix seconds. */
export interface FloorsParts {
  /** What has been seen so far. */
  readonly seen: Pick<Seen, "newestTime" | "floor">;
  /** Plain tokens of this time or an older one may have been seen in this run. */
  readonly plainFloor: () => number;
  /** This client's clock, in ms since 1970. */
  readonly now: () => number;
  /** The relay's clock; undefined while it is not known. */
  readonly relayTime: () => number | undefined;
}

/**
 * Judges by their time whether messages may have been seen.
 *
 * A clock that was ahead when a message was seen leaves a floor in the future. Once the clock is
 * right, all that is written until then would be old. So a floor that lies ahead of this clock and
 * of the relay's does not hold in this run. In its place is the moment at which that was noticed.
 * What is kept on disk is not changed: in a later run, when its time has come, it holds again.
 */
export class Floors {
  readonly #parts: FloorsParts;
  /** The newest plain token of an earlier run: older ones may be replays. */
  #newestBefore: number;
  /** When this run began. */
  readonly #startedAt: number;
  /** A floor of what has been seen that lay in the future, and what holds in its place. */
  #distrusted: { readonly floor: number; readonly instead: number } | undefined;

  constructor(parts: FloorsParts) {
    this.#parts = parts;
    this.#newestBefore = parts.seen.newestTime;
    this.#startedAt = Math.floor(parts.now() / 1000);
  }

  /** Notices floors in the future. Call it when this client is live: what follows is new. */
  check(): void {
    this.#newestBefore = this.#hold(this.#newestBefore);
    const { floor } = this.#parts.seen;
    const instead = this.#hold(floor);
    if (instead !== floor && this.#distrusted?.floor !== floor) {
      this.#distrusted = { floor, instead };
    }
  }

  /** Whether a plain token of this time may have been seen. */
  mayHavePlain(issuedAt: number): boolean {
    this.check();
    const plainFloor = this.#hold(this.#parts.plainFloor());
    return issuedAt <= Math.max(this.#newestBefore, this.#seenFloor, plainFloor);
  }

  /**
   * Whether a signed message of this time may have been seen, if it has no window.
   *
   * @param ownFloor The floor of its author.
   */
  mayHaveSigned(time: number, ownFloor = 0): boolean {
    this.check();
    // If it lies in the future, it is of an earlier run.
    const own = this.#hold(ownFloor) === ownFloor ? ownFloor : this.#startedAt;
    return time <= Math.max(this.#seenFloor, own);
  }

  get #seenFloor(): number {
    const { floor } = this.#parts.seen;
    return floor === this.#distrusted?.floor ? this.#distrusted.instead : floor;
  }

  /** A floor, or this moment in its place if it is in the future. */
  #hold(floor: number): number {
    const { now, relayTime } = this.#parts;
    // The later clock counts: one that is behind must not undo what is known.
    const latest = Math.max(Math.floor(now() / 1000), Math.floor(relayTime() ?? 0));
    // Others' clocks may be ahead by so much, and their messages live.
    return floor <= latest + MAX_AGE_SECONDS ? floor : latest;
  }
}
