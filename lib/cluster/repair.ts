/**
 * Finding entries that are missing: by reading the stream again, then by asking who published them.
 *
 * @module
 */

import type { Attendees } from "./attendance.ts";
import type { Follower } from "./follower.ts";
import { GAP_ASK_MS, GAP_SETTLE_MS } from "./limits.ts";
import { type Arrived, type Gap, Order } from "./order.ts";
import type { Publisher } from "./publisher.ts";

/** What a {@linkcode Repair} works with. */
export interface RepairParts {
  readonly publisher: Pick<Publisher, "repair" | "lastStored">;
  readonly follower: Pick<Follower, "rewind" | "isFollowing">;
  readonly attendees: Pick<Attendees, "lastOf">;
  /** The number of this start of the relay. */
  readonly run: number;
  /** Hands an entry on. */
  readonly deliver: (arrived: Arrived) => void;
  /** Asks a relay for entries. */
  readonly ask: (run: number, from: number, to: number) => void;
  /** Is told of entries that were not found. */
  readonly onMissing: (relay: string, count: number) => void;
  /** A clock in ms that never runs back. */
  readonly now: () => number;
}

/** Looks for what is missing in the order, step by step. */
export class Repair {
  readonly order = new Order();
  readonly #parts: RepairParts;
  /** The gap for which the stream was read again, by relay: its first number. */
  readonly #rewound = new Map<number, number>();
  readonly #askedAt = new Map<number, number>();

  constructor(parts: RepairParts) {
    this.#parts = parts;
  }

  /** Gives all that is missing time anew: nothing could come. */
  excuse(): void {
    this.order.excuse(this.#parts.now());
  }

  /** Takes the next step for each gap. */
  sweep(): void {
    const { follower, now } = this.#parts;
    if (!follower.isFollowing) return this.excuse();
    const lastKnown = (run: number) => this.#lastKnown(run);
    const { missing, arrived } = this.order.expire(now(), lastKnown);
    for (const [relay, count] of missing) this.#parts.onMissing(relay, count);
    for (const each of arrived) this.#parts.deliver(each);
    const gaps = this.order.gaps(now() - GAP_SETTLE_MS, lastKnown);
    const runs = new Set(gaps.map(({ run }) => run));
    for (const map of [this.#rewound, this.#askedAt]) {
      for (const run of map.keys()) if (!runs.has(run)) map.delete(run);
    }
    const isNew = gaps.filter(({ run, from }) => this.#rewound.get(run) !== from);
    for (const { run, from } of gaps) this.#rewound.set(run, from);
    if (isNew.length > 0) follower.rewind();
    else for (const gap of gaps) this.#ask(gap);
  }

  #ask({ run, from, to }: Gap): void {
    const now = this.#parts.now();
    if (now - (this.#askedAt.get(run) ?? -Infinity) < GAP_ASK_MS) return;
    this.#askedAt.set(run, now);
    if (run === this.#parts.run) this.#parts.publisher.repair(from, to);
    else this.#parts.ask(run, from, to);
  }

  #lastKnown(run: number): number {
    const { publisher, attendees } = this.#parts;
    return run === this.#parts.run ? publisher.lastStored : attendees.lastOf(run);
  }
}
