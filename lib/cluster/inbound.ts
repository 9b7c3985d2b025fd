/**
 * The way of entries from the stream into the room. What no relay of the room writes is refused.
 *
 * @module
 */

import type { CarrierSink } from "../relay/carrier.ts";
import type { ClusterStats } from "../relay/watch/stats.ts";
import type { Attendees, Change } from "./attendance.ts";
import { cidOf, type Entry, EntryError, parseEntry, type Part } from "./entry.ts";
import type { StreamEntry } from "./follower.ts";
import type { Notices } from "./notices.ts";
import type { Arrived, Order } from "./order.ts";
import type { Publisher } from "./publisher.ts";

/** What {@linkcode Inbound} works with. */
export interface InboundParts {
  /** The number of this start of the relay. */
  readonly run: number;
  /** What the subjects of entries begin with. */
  readonly lines: string;
  readonly order: Order;
  readonly publisher: Pick<Publisher, "recognize" | "hasPublished" | "isOld" | "noteBack">;
  readonly attendees: Attendees;
  readonly notices: Pick<Notices, "refuse">;
  readonly sink: () => CarrierSink;
  readonly stats: ClusterStats;
  /** A clock in ms that never runs back. */
  readonly now: () => number;
}

/** Checks entries, puts them in order, and hands their parts to the room. */
export class Inbound {
  readonly #parts: InboundParts;
  /** Whether the room is served: what came before that is of the past. */
  isServing = false;

  constructor(parts: InboundParts) {
    this.#parts = parts;
  }

  /** Takes an entry of the stream. */
  take({ subject, bytes, storedAt }: StreamEntry): void {
    const { run, publisher, order, notices, now } = this.#parts;
    const own = publisher.recognize(bytes);
    let entry: Entry;
    try {
      entry = own ?? parseEntry(bytes);
    } catch (error) {
      if (!(error instanceof EntryError)) throw error;
      return notices.refuse(`${error.message}, at ${subject}`);
    }
    const stranger = this.#findStranger(subject, entry);
    if (stranger !== undefined) return notices.refuse(`${stranger}, at ${subject}`);
    if (!own && entry.run === run && !publisher.hasPublished(entry.n, bytes)) {
      // An old one that was published again is known, and no longer kept.
      if (!publisher.isOld(entry.n)) notices.refuse(`this relay's name, at ${subject}`);
      return;
    }
    const ageMs = this.isServing ? 0 : Math.max(0, Date.now() - storedAt);
    const arrived = { entry, bytes: bytes.length, ageMs };
    const due = order.take(arrived, now);
    for (const each of due) this.deliver(each);
    // It was given up before it came. Who waits for it has waited for long.
    const isPast = due.length === 0 && entry.n <= order.lastOf(entry.run);
    if (isPast && entry.run === run) publisher.noteBack(entry.n);
  }

  /** Hands an entry to the room. */
  deliver({ entry: { relay, run, n, parts }, ageMs }: Arrived): void {
    this.#parts.stats.taken++;
    for (const part of parts) this.#deliverPart(relay, run, n, part, ageMs);
    if (run === this.#parts.run) this.#parts.publisher.noteBack(n);
  }

  /** Tells members what has become of others. */
  tell(changes: readonly Change[]): void {
    const { attendees, stats, sink } = this.#parts;
    for (const { attendance, run, local } of changes) sink().tell(attendance, cidOf(run, local));
    stats.relays = attendees.relays;
    stats.members = attendees.members;
  }

  #deliverPart(relay: string, run: number, n: number, part: Part, ageMs: number): void {
    const { attendees, sink, now } = this.#parts;
    if (part.kind === "lines") {
      const { local, peerClass, lines, isKept, bytes } = part;
      sink().append({ cid: cidOf(run, local), peerClass }, bytes, lines, { isKept, ageMs });
    } else if (run !== this.#parts.run) {
      this.tell(attendees.take(relay, run, n, part, this.isServing ? now() : undefined));
    } else if (part.kind !== "members") {
      this.tell([{ attendance: part.kind, run, local: part.local }]);
    }
  }

  /** Tells what is wrong with who has published an entry. */
  #findStranger(subject: string, { relay, run }: Entry): string | undefined {
    const { lines, order } = this.#parts;
    if (subject !== `${lines}.${relay}`) return "relay's name";
    return (order.nameOf(run) ?? relay) === relay ? undefined : "relay's number";
  }
}
