/**
 * The places of the room, and the connections that wait outside for one.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import type { RoomMode } from "../../protocol/control.ts";
import { FULL_ROOM_WAIT_MS, MAX_WAITING, PROOF_TIMEOUT_MS } from "../limits.ts";
import type { Deadline } from "../peer/handshake.ts";
import type { CloseReason, PeerClass } from "../watch/events.ts";

/** What {@linkcode Places} need of a peer. */
export interface PlacePeer extends Visitor {
  readonly peerClass: PeerClass;
  /** Whether the peer counts for `maxClients`. Only {@linkcode Places} set it. */
  hasPlace: boolean;
  expel(reason: CloseReason): void;
}

/** Settings of {@linkcode Places}. */
export interface PlacesOptions {
  readonly mode: RoomMode;
  /** How many places there are. */
  readonly maxClients: number;
  /** How many peers can wait; 32 by default. */
  readonly maxWaiting?: number;
  /** Time to prove the key where only members are served, in ms; 10 s by default. */
  readonly proofTimeoutMs?: number;
  /** Time to prove the key where the room is full, in ms; 3 s by default. */
  readonly fullRoomWaitMs?: number;
}

/** Counts places. A connection has its place until its socket is closed. */
export class Places<P extends PlacePeer> {
  /** The peers without a place. */
  readonly waiting: WaitingRoom<P>;
  readonly #options: PlacesOptions;
  #taken = 0;

  constructor(options: PlacesOptions) {
    this.#options = options;
    this.waiting = new WaitingRoom(options.maxWaiting);
  }

  /**
   * Tells when a new connection has to go if it does not prove the key.
   *
   * @param now The time, in ms.
   * @returns Undefined if there is a place for a guest. The connection then need not wait outside.
   */
  deadlineOutside(now: number): Deadline | undefined {
    const { mode, proofTimeoutMs, fullRoomWaitMs } = this.#options;
    if (mode === "members") {
      return { at: now + (proofTimeoutMs ?? PROOF_TIMEOUT_MS), reason: "auth" };
    }
    if (!this.#isFull()) return undefined;
    return { at: now + (fullRoomWaitMs ?? FULL_ROOM_WAIT_MS), reason: "full" };
  }

  /** Gives a place to a peer that has none. */
  occupy(peer: P): void {
    peer.hasPlace = true;
    this.#taken++;
  }

  /** Takes a peer's place away, if it has one. */
  vacate(peer: P): void {
    if (!peer.hasPlace) return;
    peer.hasPlace = false;
    this.#taken--;
  }

  /**
   * Gives a place to a peer that waited outside and has proved the key. If no place is free, the
   * newest guest is sent away, and the member gets its place.
   *
   * @param member The peer, which no longer waits.
   * @param peers The peers in the room, the newest last.
   * @returns False if members have all places.
   */
  claim(member: P, peers: ReadonlySet<P>): boolean {
    if (this.#isFull()) {
      const isGuest = (peer: P) => peer.peerClass === "guest" && peer.hasPlace;
      const guest = [...peers].findLast(isGuest);
      if (!guest) return false;
      this.vacate(guest);
      guest.expel("full");
    }
    this.occupy(member);
    return true;
  }

  #isFull(): boolean {
    return this.#taken >= this.#options.maxClients;
  }
}

/** A connection that waits. */
export interface Visitor {
  /** The network that is held responsible for it, as `networkOf()` names it. */
  readonly network: string;
}

/**
 * A bounded number of visitors, in the order in which they came.
 *
 * If there is one too many, the oldest visitor of the network with the most visitors has to go. The
 * visitors from one network therefore push out each other, and no others.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const room = new WaitingRoom<{ network: string }>(1);
 * const [first, second] = [{ network: "192.0.2.1" }, { network: "192.0.2.2" }];
 * assert.equal(room.enter(first), undefined);
 * assert.equal(room.enter(second), first);
 * ```
 */
export class WaitingRoom<V extends Visitor> implements Iterable<V> {
  readonly #visitors = new Set<V>();
  readonly #places: number;

  /** @param places How many can wait; 32 by default. */
  constructor(places = MAX_WAITING) {
    this.#places = places;
  }

  /** How many wait. */
  get size(): number {
    return this.#visitors.size;
  }

  /** The visitors, the oldest first. */
  [Symbol.iterator](): Iterator<V> {
    return this.#visitors.values();
  }

  /**
   * Takes a visitor in.
   *
   * @returns The visitor that has to go for it, if there is one too many.
   */
  enter(visitor: V): V | undefined {
    this.#visitors.add(visitor);
    if (this.#visitors.size <= this.#places) return undefined;
    const byNetwork = Map.groupBy(this.#visitors, ({ network }) => network);
    let crowd: V[] = [];
    for (const group of byNetwork.values()) if (group.length > crowd.length) crowd = group;
    const [oldest] = crowd;
    this.#visitors.delete(oldest!);
    return oldest;
  }

  /** Takes a visitor out. Returns whether it was waiting. */
  leave(visitor: V): boolean {
    return this.#visitors.delete(visitor);
  }
}
