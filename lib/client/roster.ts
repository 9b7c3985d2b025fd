/**
 * The list of who is in the room, by what the members themselves say.
 *
 * @module
 * @see docs/PROTOCOL.md, "Presence"
 */

import {
  MAX_AWAY_CHARS,
  MAX_CLIENTS_OF_ONE_MEMBER,
  MAX_HEARTBEAT_SECONDS,
  MAX_ROSTER_ENTRIES,
  ROSTER_TTL_MS,
  SILENCES_UNTIL_GONE,
  UNHEARD_MS,
} from "./limits.ts";

/** One client of a member. */
export interface RosterEntry {
  /** The member's Ed25519 key, in base64url. */
  readonly id: string;
  readonly epoch: string;
  nickname: string;
  /** The member's X25519 key, in base64url. Private messages are sealed to it. */
  agreementKey: string | undefined;
  /** The day of that key, from 1970; undefined if the key may be a lasting one. */
  keyDay?: number | undefined;
  /** The number that the relay gave to the connection; undefined if it may be out of date. */
  cid: number | undefined;
  /** Why the member is away, perhaps ""; undefined if it is here. Not safe to show. */
  away?: string;
  /** Whether it said that it is here. One that did not may be gone at once, and nobody is told. */
  isIntroduced: boolean;
  /**
   * The longest time until it says something again, in s, as it promised; undefined for a client
   * of version 0.1.0, which says something each minute and expects that of others.
   */
  silenceSeconds?: number;
  /** When it is no longer listed unless it is heard of, by the clock given. */
  expiresAt: number;
}

/** What a member says of itself. */
export type Sighting = Omit<RosterEntry, "expiresAt" | "away" | "isIntroduced"> & {
  /** Whether it says that it is here; true unless it is given. */
  readonly isIntroduction?: boolean;
  /** Null if it is there; undefined if nothing is said of that. */
  readonly away?: string | null;
  /** Whether it is of the past: the client may have left since. */
  readonly isPast?: boolean;
};

/** What a sighting changed. */
export type Change =
  /** `isMember`: whether another client of the same member was there. */
  | { readonly kind: "joined"; readonly entry: RosterEntry; readonly isMember: boolean }
  | { readonly kind: "renamed"; readonly entry: RosterEntry; readonly before: string }
  | { readonly kind: "away" | "back"; readonly entry: RosterEntry }
  | { readonly kind: "none" };

/**
 * A list of clients. A client that is not heard of for long expires. The roster has no clock of its
 * own: the caller says what time it is, in ms.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const roster = new Roster();
 * const keys = { id: "i", epoch: "e", agreementKey: undefined };
 * const member = { ...keys, nickname: "alice", cid: 7, silenceSeconds: 600 };
 * assert.equal(roster.see(member, 0).kind, "joined");
 * assert.equal(roster.gone(7)?.nickname, "alice");
 * assert.equal(roster.size, 0);
 * ```
 */
export class Roster {
  /** The clients by key. The one that was heard of last comes last. */
  readonly #entries = new Map<string, RosterEntry>();
  /** The clients of each member, by the member's key. The one that was heard of last comes last. */
  readonly #clientsOf = new Map<string, Set<RosterEntry>>();
  /** The clients by the number of their connection. */
  readonly #byConnection = new Map<number, RosterEntry>();
  /** Those that expect to hear of others each minute. */
  readonly #impatient = new Set<RosterEntry>();
  /** This member's own key: nobody is told of its other clients. */
  readonly #ownId: string | undefined;
  /** No client expires before. */
  #nextExpiry = Infinity;

  /** @param ownId This member's Ed25519 key, in base64url; undefined for one who is not a member. */
  constructor(ownId?: string) {
    this.#ownId = ownId;
  }

  /** How many clients are known. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether somebody is there who expects to hear of others each minute. */
  get isImpatient(): boolean {
    return this.#impatient.size > 0;
  }

  /** All clients. The one that was heard of last comes last. */
  values(): Iterable<RosterEntry> {
    return this.#entries.values();
  }

  /** All clients, sorted by nickname. */
  list(): RosterEntry[] {
    const { compare } = new Intl.Collator("en");
    return [...this.#entries.values()].sort((a, b) => compare(a.nickname, b.nickname));
  }

  /**
   * Notes what a member says of itself. If there are more than 10,000 clients, or more than 64 of the
   * member, the one of them that was not heard of for longest is dropped.
   *
   * @param sighting An undefined field does not change the entry.
   * @param now The time, in ms.
   */
  see(sighting: Sighting, now: number): Change {
    const key = keyOf(sighting);
    const known = this.#entries.get(key);
    const isMember = sighting.id === this.#ownId || this.#clientsOf.has(sighting.id);
    const { away, isPast = false, isIntroduction = true, ...rest } = sighting;
    const expiresAt = now + UNHEARD_MS;
    const entry: RosterEntry = known ?? { ...rest, expiresAt, isIntroduced: false };
    const before = { nickname: entry.nickname, away: entry.away };
    entry.nickname = sighting.nickname;
    entry.agreementKey = sighting.agreementKey ?? entry.agreementKey;
    if (sighting.agreementKey !== undefined) entry.keyDay = sighting.keyDay;
    if (sighting.cid !== undefined) this.#connect(entry, sighting.cid);
    entry.isIntroduced ||= isIntroduction;
    if (isIntroduction) entry.silenceSeconds = sighting.silenceSeconds;
    if (away === null) delete entry.away;
    else if (away !== undefined) entry.away = away.slice(0, MAX_AWAY_CHARS);
    if (!isPast) entry.expiresAt = now + patienceMs(entry);
    this.#nextExpiry = Math.min(this.#nextExpiry, entry.expiresAt);
    if (entry.isIntroduced && entry.silenceSeconds === undefined) this.#impatient.add(entry);
    else this.#impatient.delete(entry);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#bound(entry);
    if (!known) return { kind: "joined", entry, isMember };
    if (before.nickname !== entry.nickname) {
      return { kind: "renamed", entry, before: before.nickname };
    }
    if (before.away === entry.away) return { kind: "none" };
    return { kind: entry.away === undefined ? "back" : "away", entry };
  }

  /**
   * Takes a client out that says it leaves.
   *
   * @returns Its entry if others are to be told: it was introduced, and its member's last client.
   */
  leave(id: string, epoch: string): RosterEntry | undefined {
    const entry = this.#entries.get(keyOf({ id, epoch }));
    if (entry) this.#drop(entry);
    const isLast = id !== this.#ownId && !this.#clientsOf.has(id);
    return entry?.isIntroduced && isLast ? entry : undefined;
  }

  /** Takes the client out whose connection is gone. Returns its entry as `leave()` does. */
  gone(cid: number): RosterEntry | undefined {
    const entry = this.#byConnection.get(cid);
    return entry && this.leave(entry.id, entry.epoch);
  }

  /** Takes out the clients that were not heard of in time. Returns entries as `leave()` does. */
  expire(now: number): RosterEntry[] {
    if (now <= this.#nextExpiry) return [];
    const expired = [...this.#entries.values()].filter(({ expiresAt }) => expiresAt < now);
    const last = expired.flatMap(({ id, epoch }) => this.leave(id, epoch) ?? []);
    this.#nextExpiry = this.#entries.values().reduce((least, { expiresAt }) => {
      return Math.min(least, expiresAt);
    }, Infinity);
    return last;
  }

  /**
   * Doubts all clients after a reconnect: those that are there answer, and the others go.
   *
   * @param now The time, in ms.
   */
  doubt(now: number): void {
    for (const entry of this.#entries.values()) {
      // A relay that starts again counts connections from 1.
      entry.cid = undefined;
      entry.expiresAt = Math.min(entry.expiresAt, now + UNHEARD_MS);
    }
    this.#byConnection.clear();
    this.#nextExpiry = Math.min(this.#nextExpiry, now + UNHEARD_MS);
  }

  /** Notes the connection of a client. Another one that had its number has it no more. */
  #connect(entry: RosterEntry, cid: number): void {
    if (entry.cid !== undefined) this.#disconnect(entry);
    entry.cid = cid;
    this.#byConnection.set(cid, entry);
  }

  #disconnect(entry: RosterEntry): void {
    if (this.#byConnection.get(entry.cid!) === entry) this.#byConnection.delete(entry.cid!);
  }

  /** Counts a client that was heard of among those of its member, and drops who is too many. */
  #bound(entry: RosterEntry): void {
    const clients = this.#clientsOf.get(entry.id) ?? new Set();
    clients.delete(entry);
    this.#clientsOf.set(entry.id, clients.add(entry));
    const isTooMuch = this.#entries.size > MAX_ROSTER_ENTRIES;
    if (clients.size > MAX_CLIENTS_OF_ONE_MEMBER) this.#drop(clients.values().next().value!);
    else if (isTooMuch) this.#drop(this.#entries.values().next().value!);
  }

  #drop(entry: RosterEntry): void {
    this.#entries.delete(keyOf(entry));
    this.#impatient.delete(entry);
    this.#disconnect(entry);
    const clients = this.#clientsOf.get(entry.id)!;
    clients.delete(entry);
    if (clients.size === 0) this.#clientsOf.delete(entry.id);
  }
}

/** How long a client may say nothing, in ms, before it is no longer listed. */
function patienceMs({ silenceSeconds }: RosterEntry): number {
  if (silenceSeconds === undefined) return ROSTER_TTL_MS;
  return Math.min(silenceSeconds, MAX_HEARTBEAT_SECONDS) * 1000 * SILENCES_UNTIL_GONE;
}

function keyOf({ id, epoch }: { readonly id: string; readonly epoch: string }): string {
  return `${id} ${epoch}`;
}
