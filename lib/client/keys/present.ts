/**
 * What time it is in the room: by this client's clock, by the relay's, and by what members write.
 *
 * One clock alone is not believed where a mistake could not be undone: keys that are erased for a day
 * that has not come are lost for good.
 *
 * @module
 * @see docs/PROTOCOL.md, "Clocks"
 */

import { dayOf, SECONDS_PER_DAY } from "../../crypto/key_chain.ts";
import { MAX_AGREED_DIFFERENCE_SECONDS } from "../limits.ts";

/** The clocks of this client. */
export interface Clocks {
  /** In ms since 1970. It may be set at any time. */
  readonly now: () => number;
  /** In ms. It never runs back. */
  readonly monotonic: () => number;
}

/** Compares clocks. */
export class Present {
  readonly #clocks: Clocks;
  #memberDay: number | undefined;
  /** The relay's clock at a moment of the clock that never runs back. */
  #relay: { readonly seconds: number; readonly atMs: number } | undefined;

  constructor(clocks: Clocks) {
    this.#clocks = clocks;
  }

  /** Notes the relay's clock, in unix seconds, which is counted on from now. */
  noteRelay(seconds: number): void {
    this.#relay = { seconds, atMs: this.#clocks.monotonic() };
  }

  /**
   * Notes that another member, who is known, has written under the key of a day.
   *
   * @param day In days since 1970.
   */
  noteMember(day: number): void {
    // Anybody can write under the key of any later day.
    if (day > dayOf(Math.max(this.#own, this.#relayTime ?? 0)) + 1) return;
    this.#memberDay = Math.max(this.#memberDay ?? day, day);
  }

  /**
   * The time that this client's clock and somebody else's agree on, in unix seconds; undefined while
   * nobody's does. Of two clocks the one behind counts.
   */
  get agreed(): number | undefined {
    const own = this.#own;
    const relay = this.#relayTime;
    if (relay !== undefined && isNear(own, relay)) return Math.min(own, relay);
    const member = this.#memberDay;
    return member !== undefined && dayOf(own) >= member ? member * SECONDS_PER_DAY : undefined;
  }

  /**
   * The likely time, in unix seconds, to write under. It is this client's clock, unless the relay's
   * is another and fits better to what is known.
   *
   * @param known A day that was believed before, such as yesterday's; undefined if there is none.
   */
  likely(known: number | undefined): number {
    const own = this.#own;
    const relay = this.#relayTime;
    const day = this.#memberDay ?? (known === undefined ? undefined : known + 1);
    if (day === undefined) return own;
    const hasOther = relay !== undefined && !isNear(own, relay);
    const best = hasOther && distance(relay, day) < distance(own, day) ? relay : own;
    // There is no key of a day that was believed to be over.
    return Math.max(best, (known ?? 0) * SECONDS_PER_DAY);
  }

  /**
   * All days that may be the present one.
   *
   * @param known As in {@linkcode likely}.
   */
  days(known: number): ReadonlySet<number> {
    const relay = this.#relayTime;
    const times = relay === undefined ? [this.#own] : [this.#own, relay];
    return new Set([known + 1, this.#memberDay ?? known + 1, ...times.map(dayOf)]);
  }

  get #relayTime(): number | undefined {
    if (!this.#relay) return undefined;
    const { seconds, atMs } = this.#relay;
    return seconds + Math.floor((this.#clocks.monotonic() - atMs) / 1000);
  }

  get #own(): number {
    return Math.floor(this.#clocks.now() / 1000);
  }
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= MAX_AGREED_DIFFERENCE_SECONDS;
}

function distance(seconds: number, day: number): number {
  return Math.abs(dayOf(seconds) - day);
}
