/**
 * Which entries are new: the numbers of each relay's entries, without gaps and none twice.
 *
 * @module
 */

import { GIVE_UP_MS, MAX_GAP, MAX_HELD_BYTES, MAX_RELAYS } from "./limits.ts";
import type { Entry, Part } from "./entry.ts";

/** An entry with what is known of its way. */
export interface Arrived {
  readonly entry: Entry;
  /** Bytes of the entry. */
  readonly bytes: number;
  /** How long ago it was published, in ms. */
  readonly ageMs: number;
}

/** Entries of a relay that are missing: from one number to another. */
export interface Gap {
  readonly relay: string;
  readonly run: number;
  readonly from: number;
  readonly to: number;
}

/** One start of a relay. */
interface Origin {
  readonly relay: string;
  /** The number of its last entry that was handed on. */
  last: number;
  /** Entries behind a gap, by number. */
  readonly held: Map<number, Arrived>;
  /** Since when there is a gap, in ms; undefined for none. */
  gapSince: number | undefined;
}

/**
 * Puts the entries of each relay in order. What is behind a gap waits until the gap is closed or
 * given up. Entries of other relays do not wait for it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const order = new Order();
 * const arrived = (n: number) => {
 *   return { entry: { relay: "a", run: 1, n, parts: [] }, bytes: 1, ageMs: 0 };
 * };
 * const numbers = (n: number) => order.take(arrived(n), () => 0).map(({ entry }) => entry.n);
 * assert.deepEqual([numbers(1), numbers(3), numbers(1), numbers(2)], [[1], [], [], [2, 3]]);
 * ```
 */
export class Order {
  readonly #origins = new Map<number, Origin>();
  #heldBytes = 0;
  /** Entries that were given up and not told of, by relay. */
  readonly #untold = new Map<string, number>();

  /** The name that goes with the number of a start; undefined if that is not known. */
  nameOf(run: number): string | undefined {
    return this.#origins.get(run)?.relay;
  }

  /** The number of the last entry of a start that was handed on; 0 for none. */
  lastOf(run: number): number {
    return this.#origins.get(run)?.last ?? 0;
  }

  /**
   * Takes an entry that came from the stream.
   *
   * @param arrived The entry. Its lines are copied if it has to wait.
   * @param now Tells the time, in ms.
   * @returns What can be handed on, in order: nothing for an entry that is known or has to wait.
   */
  take(arrived: Arrived, now: () => number): Arrived[] {
    const { entry } = arrived;
    const origin = this.#find(entry);
    if (entry.n <= origin.last || origin.held.has(entry.n)) return [];
    if (entry.n > origin.last + MAX_GAP) {
      const given = this.#giveUp(origin, entry.n - 1);
      origin.last = entry.n;
      return [...given, arrived];
    }
    if (entry.n > origin.last + 1) {
      origin.gapSince ??= now();
      origin.held.set(entry.n, keep(arrived));
      this.#heldBytes += arrived.bytes;
      return this.#heldBytes > MAX_HELD_BYTES ? this.#giveUp(origin) : [];
    }
    origin.last = entry.n;
    return origin.gapSince === undefined ? [arrived] : [arrived, ...this.#release(origin, now())];
  }

  /**
   * Notes that a relay has published entries up to a number.
   *
   * @param n 0 for a relay that has just begun: its first entry may be missing, too.
   * @param now The time, in ms.
   */
  expect(relay: string, run: number, n: number, now: number): void {
    if (n === 0 && !this.#origins.has(run)) this.#find({ relay, run, n: 1, parts: [] });
    const origin = this.#origins.get(run);
    if (origin && origin.relay === relay && n > origin.last) origin.gapSince ??= now;
    if (origin && n <= origin.last && origin.held.size === 0) origin.gapSince = undefined;
  }

  /**
   * Lists what is missing.
   *
   * @param sinceMs Only what is missing since this time or longer.
   * @param lastKnown Tells up to which number a relay is known to have published.
   */
  gaps(sinceMs: number, lastKnown: (run: number) => number): Gap[] {
    const gaps: Gap[] = [];
    for (const [run, { relay, last, held, gapSince }] of this.#origins) {
      if (gapSince === undefined || gapSince > sinceMs) continue;
      const to = held.size > 0 ? Math.min(...held.keys()) - 1 : lastKnown(run);
      if (to > last) gaps.push({ relay, run, from: last + 1, to: Math.min(to, last + MAX_GAP) });
    }
    return gaps;
  }

  /**
   * Gives up what has been missing for too long.
   *
   * @param now The time, in ms.
   * @returns How many entries of which relays were given up since the last call, and what has waited
   * for them until now.
   */
  expire(
    now: number,
    lastKnown: (run: number) => number,
  ): { readonly missing: [relay: string, count: number][]; readonly arrived: Arrived[] } {
    const late = [...this.#origins].filter(([, { gapSince }]) => {
      return gapSince !== undefined && now - gapSince >= GIVE_UP_MS;
    });
    const arrived = late.flatMap(([run, origin]) => {
      return this.#giveUp(origin, origin.held.size === 0 ? lastKnown(run) : 0);
    });
    const missing = [...this.#untold];
    this.#untold.clear();
    return { missing, arrived };
  }

  /** Gives all gaps time anew: nothing could come. */
  excuse(now: number): void {
    for (const origin of this.#origins.values()) {
      if (origin.gapSince !== undefined) origin.gapSince = now;
    }
  }

  /** Finds the relay of an entry. The one that was heard of last stands last. */
  #find({ relay, run, n }: Entry): Origin {
    const known = this.#origins.get(run);
    this.#origins.delete(run);
    // The stream leaves nothing out, so what came before was there before this relay read it.
    const origin = known ?? { relay, last: n - 1, held: new Map(), gapSince: undefined };
    this.#origins.set(run, origin);
    if (this.#origins.size > MAX_RELAYS) {
      const [oldest, { held }] = this.#origins.entries().next().value!;
      for (const { bytes } of held.values()) this.#heldBytes -= bytes;
      this.#origins.delete(oldest);
    }
    return origin;
  }

  /** Takes out what follows the last entry without a gap. What is left has time anew. */
  #release(origin: Origin, now: number): Arrived[] {
    const released: Arrived[] = [];
    for (;;) {
      const next = origin.held.get(origin.last + 1);
      if (!next) break;
      origin.held.delete(++origin.last);
      this.#heldBytes -= next.bytes;
      released.push(next);
    }
    origin.gapSince = origin.held.size === 0 ? undefined : now;
    return released;
  }

  /** Takes out all that waits, and gives up what is missing before it, and up to a number. */
  #giveUp(origin: Origin, upTo = 0): Arrived[] {
    const { relay, last } = origin;
    const arrived = [...origin.held.values()].sort((a, b) => a.entry.n - b.entry.n);
    for (const { bytes } of arrived) this.#heldBytes -= bytes;
    origin.held.clear();
    origin.gapSince = undefined;
    origin.last = Math.max(last, arrived.at(-1)?.entry.n ?? 0, upTo);
    const missing = origin.last - last - arrived.length;
    if (missing > 0) this.#untold.set(relay, (this.#untold.get(relay) ?? 0) + missing);
    return arrived;
  }
}

/** Copies what an entry views. */
function keep(arrived: Arrived): Arrived {
  const parts = arrived.entry.parts.map((part): Part => {
    return part.kind === "lines" ? { ...part, bytes: part.bytes.slice() } : part;
  });
  return { ...arrived, entry: { ...arrived.entry, parts } };
}
