/**
 * What relays of a room say to each other beside the stream.
 *
 * @module
 */

import type { Attendees } from "./attendance.ts";
import type { Connection, Message } from "./connection.ts";
import type { Inbound } from "./inbound.ts";
import { BEAT_MS, ROSTER_MS } from "./limits.ts";
import type { Notices } from "./notices.ts";
import type { Order } from "./order.ts";
import { formatPresence, parsePresence, type PresenceLine } from "./presence_line.ts";
import type { Publisher } from "./publisher.ts";

/** What a {@linkcode Talk} works with. */
export interface TalkParts {
  /** The number of this start of the relay. */
  readonly run: number;
  /** The subject of this relay, which begins as those of the others do. */
  readonly subject: string;
  readonly order: Order;
  readonly publisher: Pick<Publisher, "repair" | "publishMembers" | "lastStored" | "members">;
  readonly attendees: Attendees;
  readonly inbound: Pick<Inbound, "tell" | "isServing">;
  readonly notices: Pick<Notices, "refuse">;
  /** Guests that this relay has. */
  readonly guests: () => number;
  /** A clock in ms that never runs back. */
  readonly now: () => number;
}

/** Says that this relay is here, and hears the others. */
export class Talk {
  readonly #parts: TalkParts;
  #connection: Pick<Connection, "publish"> | undefined;
  #beatAt = -Infinity;
  /** Guests at the last beat. */
  #guests = 0;
  #listedAt = -Infinity;

  constructor(parts: TalkParts) {
    this.#parts = parts;
  }

  /** Goes on over another connection; undefined for none. */
  attach(connection: Connection | undefined): void {
    this.#connection = connection;
    if (!connection) return;
    const { subject, inbound } = this.#parts;
    const others = `${subject.slice(0, subject.lastIndexOf("."))}.*`;
    connection.subscribe(others, (message) => this.#hear(message));
    if (inbound.isServing) this.beat();
  }

  /** Says that this relay is here, if it is time, or if guests have come or gone. */
  sweep(): void {
    const { now, guests } = this.#parts;
    if (now() - this.#beatAt >= BEAT_MS || guests() !== this.#guests) this.beat();
  }

  /** Says that this relay is here. */
  beat(): void {
    const { run, publisher: { lastStored: last, members }, guests, now } = this.#parts;
    this.#beatAt = now();
    this.#guests = guests();
    this.say({ kind: "beat", run, last, members, guests: this.#guests });
  }

  /** Says something to the other relays. */
  say(line: PresenceLine): void {
    this.#connection?.publish(this.#parts.subject, formatPresence(line));
  }

  #hear({ subject, data }: Message): void {
    const { run, publisher, attendees, inbound, notices } = this.#parts;
    const line = parsePresence(data);
    if (!line) return notices.refuse("presence");
    if (line.run === run) {
      if (line.kind === "ask") publisher.repair(line.from, line.to);
      if (line.kind === "members") this.#list();
      return;
    }
    const relay = subject.slice(subject.lastIndexOf(".") + 1);
    if (line.kind === "bye") inbound.tell(attendees.leave(relay, line.run));
    if (line.kind === "beat") this.#hearBeat(relay, line);
  }

  #hearBeat(relay: string, line: PresenceLine & { kind: "beat" }): void {
    const { order, attendees, inbound, now } = this.#parts;
    const { run, last } = line;
    const isListNeeded = attendees.hear({ ...line, relay }, order.lastOf(run), now());
    if (isListNeeded && inbound.isServing) this.say({ kind: "members", run });
    order.expect(relay, run, last, now());
    inbound.tell([]);
  }

  /** Has all members of this relay listed in the stream, not too often. */
  #list(): void {
    const now = this.#parts.now();
    if (now - this.#listedAt < ROSTER_MS) return;
    this.#listedAt = now;
    this.#parts.publisher.publishMembers();
  }
}
