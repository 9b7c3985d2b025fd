/**
 * Who is in the room, by what the members themselves say.
 *
 * @module
 * @see docs/PROTOCOL.md, "Presence"
 */

import type { Header } from "../protocol/header.ts";
import type { RoomEvent, Trust } from "./events.ts";
import { MAX_AWAY_CHARS, MAX_ROSTER_ENTRIES, ROSTER_TTL_MS } from "./limits.ts";

/** One client of a member. */
export interface RosterEntry {
  /** The member's Ed25519 key, in base64url. */
  readonly id: string;
  readonly epoch: string;
  nickname: string;
  /** The member's X25519 key, in base64url: private messages are sealed to it. */
  agreementKey: string | undefined;
  /** The connection, as the relay numbers it; undefined if it may be another by now. */
  cid: number | undefined;
  /** Why the member is away, perhaps ""; undefined for one who is not. From others, not safe. */
  away?: string;
  /** When it was last heard of, by the clock given. */
  seenAt: number;
}

/** What a member says of itself. */
export type Sighting = Omit<RosterEntry, "seenAt" | "away"> & {
  /** Null if it is there; undefined if nothing is said of that. */
  readonly away?: string | null;
};

/** What a sighting changed. */
export type Change =
  | { readonly kind: "joined"; readonly entry: RosterEntry }
  | { readonly kind: "renamed"; readonly entry: RosterEntry; readonly before: string }
  | { readonly kind: "none" };

/**
 * A list of clients that expires by itself. It has no clock of its own.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const roster = new Roster();
 * const member = { id: "i", epoch: "e", nickname: "alice", agreementKey: undefined, cid: 7 };
 * assert.equal(roster.see(member, 0).kind, "joined");
 * assert.equal(roster.gone(7)?.nickname, "alice");
 * assert.equal(roster.size, 0);
 * ```
 */
export class Roster {
  /** The one heard of last comes last. */
  readonly #entries = new Map<string, RosterEntry>();

  /** Clients in it. */
  get size(): number {
    return this.#entries.size;
  }

  /** The name of a client, or else of another one of the same member. */
  nameOf(id: string, epoch: string): string | undefined {
    const entry = this.#entries.get(keyOf({ id, epoch })) ??
      this.#entries.values().find((each) => each.id === id);
    return entry?.nickname;
  }

  /** All of them, the one heard of last at the end. */
  values(): Iterable<RosterEntry> {
    return this.#entries.values();
  }

  /** All of them, by nickname. */
  list(): RosterEntry[] {
    const { compare } = new Intl.Collator("en");
    return [...this.#entries.values()].sort((a, b) => compare(a.nickname, b.nickname));
  }

  /**
   * Notes what a member says of itself. Of more than 10,000 the one not heard of for longest goes.
   *
   * @param sighting Undefined fields leave what was known.
   * @param now The clock's time, in ms.
   */
  see(sighting: Sighting, now: number): Change {
    const key = keyOf(sighting);
    const known = this.#entries.get(key);
    const { away, ...rest } = sighting;
    const entry: RosterEntry = known ?? { ...rest, seenAt: now };
    const before = entry.nickname;
    entry.nickname = sighting.nickname;
    entry.agreementKey = sighting.agreementKey ?? entry.agreementKey;
    entry.cid = sighting.cid ?? entry.cid;
    if (away === null) delete entry.away;
    else if (away !== undefined) entry.away = away.slice(0, MAX_AWAY_CHARS);
    entry.seenAt = now;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    if (this.#entries.size > MAX_ROSTER_ENTRIES) {
      this.#entries.delete(this.#entries.keys().next().value!);
    }
    if (!known) return { kind: "joined", entry };
    return before === entry.nickname ? { kind: "none" } : { kind: "renamed", entry, before };
  }

  /** Takes a client out that says it leaves; returns it if it was there. */
  leave(id: string, epoch: string): RosterEntry | undefined {
    const key = keyOf({ id, epoch });
    const entry = this.#entries.get(key);
    this.#entries.delete(key);
    return entry;
  }

  /** Takes the client of a connection out that is gone; returns it if it is known. */
  gone(cid: number): RosterEntry | undefined {
    const entry = [...this.#entries.values()].find((each) => each.cid === cid);
    return entry && this.leave(entry.id, entry.epoch);
  }

  /** Takes those out that were not heard of for too long, and returns them. */
  expire(now: number): RosterEntry[] {
    const expired: RosterEntry[] = [];
    for (const entry of this.#entries.values()) {
      if (now - entry.seenAt <= ROSTER_TTL_MS) break;
      expired.push(entry);
    }
    for (const { id, epoch } of expired) this.leave(id, epoch);
    return expired;
  }

  /** Forgets the numbers of connections: another relay, or the same again, counts anew. */
  forgetConnections(): void {
    for (const entry of this.#entries.values()) entry.cid = undefined;
  }
}

function keyOf({ id, epoch }: { readonly id: string; readonly epoch: string }): string {
  return `${id} ${epoch}`;
}

/** What an {@linkcode Attendance} works with. */
export interface AttendanceParts {
  readonly roster: Roster;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Somebody has come, and wants to know who is here. */
  readonly onArrival: () => void;
}

/** How a message came. */
export interface Arrival {
  /** Whether it came as it was written, and not out of a backlog. */
  readonly isLive: boolean;
  readonly trust: Trust;
  /** Whether it is its sender's first message in this run of its client. */
  readonly isFirst: boolean;
}

/**
 * Keeps a roster by what members say.
 */
export class Attendance {
  readonly #parts: AttendanceParts;

  /** @param parts What it works with. */
  constructor(parts: AttendanceParts) {
    this.#parts = parts;
  }

  /**
   * Takes a message that is no text.
   *
   * @param header Of any kind; most say nothing here.
   * @param arrival How it came.
   * @returns What the user is told.
   */
  take(header: Header, { isLive, trust, isFirst }: Arrival): RoomEvent[] {
    const { roster, onArrival } = this.#parts;
    const { kind, id, epoch, nickname } = header;
    if (kind === "leave") {
      return roster.leave(id, epoch) ? [{ kind: "left", id, nickname, trust }] : [];
    }
    if (!["join", "here", "nick"].includes(kind)) return [];
    const change = this.see(header, isLive);
    if (kind === "join" && isLive) onArrival();
    if (change.kind === "renamed") {
      return [{ kind: "renamed", id, before: change.before, nickname, trust }];
    }
    // Who is heard of for the first time may have been here for long.
    if (change.kind !== "joined" || kind !== "join" || !isLive) return [];
    return [{ kind: isFirst ? "joined" : "returned", id, nickname, trust }];
  }

  /**
   * Notes the sender of a message of any kind.
   *
   * @param header The message's.
   * @param isLive Whether it came as it was written.
   */
  see(header: Header, isLive: boolean): Change {
    const { id, epoch, nickname, kind } = header;
    const isIntroduction = kind === "join" || kind === "here";
    const agreementKey = isIntroduction ? header.agreementKey : undefined;
    // A connection that is told of in the backlog may be gone by now.
    const cid = isIntroduction && isLive ? header.cid : undefined;
    const away = isIntroduction ? header.text ?? null : undefined;
    const sighting = { id, epoch, nickname, agreementKey, cid, away };
    return this.#parts.roster.see(sighting, this.#parts.monotonic());
  }
}
