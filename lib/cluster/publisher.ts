/**
 * The way of a relay's lines into the stream: one entry in flight, again and again until it is stored.
 *
 * @module
 */

import { Latch } from "../async/latch.ts";
import type { Attendance, CarriedSource } from "../relay/carrier.ts";
import { Archive, type Published } from "./archive.ts";
import { type Entry, formatEntry, isSame } from "./entry.ts";
import { Flight, type FlightParts, type Line } from "./flight.ts";
import {
  ENTRY_RESEND_MS,
  LOST_AFTER_MS,
  MAX_LOCAL,
  MAX_QUEUED_BYTES,
  MAX_REPAIR_BYTES,
} from "./limits.ts";
import { Outbox } from "./outbox.ts";
import { Tickets } from "./tickets.ts";

/** What a {@linkcode Publisher} works with. */
export interface PublisherParts extends Omit<FlightParts, "onLanded"> {
  /** Name of the relay, and the number of this start. */
  readonly relay: string;
  readonly run: number;
  readonly stats: { published: number; resent: number; outboxBytes: number };
}

/**
 * Publishes what a relay's clients send. What came while an entry was on its way leaves with the
 * next. So entries are stored in their order, whatever is lost on the way.
 *
 * Lines are taken when their entry has come back, and so is stored.
 */
export class Publisher {
  readonly #parts: PublisherParts;
  readonly #outbox = new Outbox();
  readonly #tickets = new Tickets();
  /** Entries that are not stored, or have not come back, in order. */
  readonly #open: Published[] = [];
  readonly #archive = new Archive();
  #openBytes = 0;
  #n = 0;
  readonly #room = new Latch(() => !this.isFull);
  readonly #idle = new Latch(() => this.#tickets.taken === this.#outbox.ticket);
  readonly #flight: Flight;
  /** What is in flight, or was last. */
  #sent: Entry | undefined;
  #isDue = false;

  constructor(parts: PublisherParts) {
    this.#parts = parts;
    this.#flight = new Flight({ ...parts, onLanded: () => this.#pump() });
  }

  /** Whether more waits than may. */
  get isFull(): boolean {
    return this.#size > MAX_QUEUED_BYTES;
  }

  /** The number of the last entry that is stored. */
  get lastStored(): number {
    return this.#flight.entry ? this.#flight.entry.n - 1 : this.#n;
  }

  /** Members that this relay has. */
  get members(): number {
    return this.#outbox.members;
  }

  /** Settles when no more waits than may. */
  untilRoom(): Promise<void> {
    return this.#room.wait();
  }

  /** Settles when all is taken. */
  untilIdle(): Promise<void> {
    return this.#idle.wait();
  }

  /** Publishes lines, as `Carrier.publish()` does. */
  publish(source: CarriedSource, run: Uint8Array, lines: number, isFirstFleeting: boolean): void {
    this.#outbox.putLines(source, run, lines, isFirstFleeting);
    this.#tickets.note(source.cid % MAX_LOCAL, this.#outbox.ticket);
    this.#pump();
  }

  /** Publishes that a member's connection came or went. */
  announce(attendance: Attendance, cid: number): void {
    this.#outbox.putAttendance(attendance, cid);
    this.#pump();
  }

  /** Publishes a list of all members. */
  publishMembers(): void {
    this.#outbox.putMembers();
    this.#pump();
  }

  /** Settles when all lines of a connection are taken; undefined if they are. */
  taken(cid: number): Promise<void> | undefined {
    return this.#tickets.wait(cid % MAX_LOCAL);
  }

  /** Goes on over another connection; undefined for none. What is in flight is sent again. */
  attach(connection: Line | undefined): void {
    this.#flight.attach(connection);
    this.#pump();
  }

  /** Returns the entry in flight, if these are its bytes. It need not be read. */
  recognize(bytes: Uint8Array): Entry | undefined {
    const { entry } = this.#flight;
    return entry && isSame(entry.payload, bytes) ? this.#sent : undefined;
  }

  /** Whether this relay has published an entry, and still keeps it. */
  hasPublished(n: number, payload: Uint8Array): boolean {
    const known = this.#open.find((each) => each.n === n) ?? this.#archive.find(n);
    return known !== undefined && isSame(known.payload, payload);
  }

  /** Whether an entry of this relay is too old to tell. */
  isOld(n: number): boolean {
    return n < (this.#archive.oldest ?? this.#open[0]?.n ?? this.#n + 1);
  }

  /** Notes that an entry has come back, and was handed on. */
  noteBack(n: number): void {
    for (const each of this.#open) if (each.n === n) each.isBack = true;
    if (this.#flight.entry?.n === n) this.#flight.land();
    this.#settle();
  }

  /** Publishes entries again that others miss: as far as they are kept, and 1 MiB at once. */
  repair(from: number, to: number): void {
    const { now, stats } = this.#parts;
    const first = Math.max(from, this.#archive.oldest ?? this.#open[0]?.n ?? 1);
    for (let n = first, bytes = 0; n <= Math.min(to, this.#n); n++) {
      const entry = this.#archive.find(n) ?? this.#open.find((each) => each.n === n);
      if (!entry?.isStored || now() - entry.storedAt < ENTRY_RESEND_MS) continue;
      bytes += entry.payload.length;
      if (bytes > MAX_REPAIR_BYTES) return;
      entry.storedAt = now();
      stats.resent++;
      this.#flight.repeat(entry);
    }
  }

  /** Looks what is due: entries that have not come back, and those that need not be kept any more. */
  sweep(): void {
    const now = this.#parts.now();
    for (const { n, isStored, isBack, storedAt } of this.#parts.isFollowing() ? this.#open : []) {
      if (isStored && !isBack && now - storedAt > LOST_AFTER_MS) this.repair(n, n);
    }
    this.#archive.expire(now);
  }

  get #size(): number {
    return this.#outbox.bytes + this.#openBytes;
  }

  /** Publishes in a microtask, so that all that came in this turn leaves in one entry. */
  #pump(): void {
    this.#parts.stats.outboxBytes = this.#size;
    if (this.#isDue) return;
    this.#isDue = true;
    queueMicrotask(() => {
      this.#isDue = false;
      this.#next();
    });
  }

  #next(): void {
    if (!this.#flight.isFree) return;
    const batch = this.#outbox.take();
    if (!batch) return;
    const { relay, run, stats } = this.#parts;
    const n = ++this.#n;
    this.#sent = { relay, run, n, parts: batch.parts };
    const payload = formatEntry(this.#sent);
    const { ticket, bytes } = batch;
    const entry = { n, payload, ticket, bytes, isStored: false, isBack: false, storedAt: 0 };
    this.#open.push(entry);
    this.#openBytes += bytes;
    stats.published++;
    this.#flight.send(entry);
  }

  /** Takes what has come back, up to the first entry that has not. */
  #settle(): void {
    for (let first = this.#open[0]; first?.isBack; first = this.#open[0]) {
      this.#open.shift();
      this.#openBytes -= first.bytes;
      this.#archive.add(first);
      this.#tickets.take(first.ticket);
    }
    this.#parts.stats.outboxBytes = this.#size;
    this.#room.look();
    this.#idle.look();
  }
}
