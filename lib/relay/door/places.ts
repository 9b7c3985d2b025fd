/**
 * Who has a place in the room, and who waits outside.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import type { RoomMode } from "../../protocol/control.ts";
import { FULL_ROOM_WAIT_MS, MAX_WAITING, PROOF_TIMEOUT_MS } from "../limits.ts";
import type { Deadline } from "../peer/handshake.ts";
import type { CloseReason, PeerClass } from "../watch/events.ts";

/** What a place is given to. */
export interface PlacePeer extends Visitor {
  readonly peerClass: PeerClass;
  /** Set here: whether it counts for `maxClients`. */
  hasPlace: boolean;
  expel(reason: CloseReason): void;
}

/** Settings of {@linkcode Places}. */
export interface PlacesOptions {
  readonly mode: RoomMode;
  /** How many there are. */
  readonly maxClients: number;
  /** Time to prove the key where only members are served, in ms; 10 s by default. */
  readonly proofTimeoutMs?: number;
  /** Time to prove the key where the room is full, in ms; 3 s by default. */
  readonly fullRoomWaitMs?: number;
}

/**
 * Counts places. A place is taken until its connection's socket is closed.
 */
export class Places<P extends PlacePeer> {
  /** Those without a place. */
  readonly waiting: WaitingRoom<P> = new WaitingRoom();
  readonly #options: PlacesOptions;
  #taken = 0;

  /** @param options How many, and for whom. */
  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /**
   * Tells when somebody who comes without a proof has to go.
   *
   * @param now The clock's time, in ms.
   * @returns Undefined if there is a place for it.
   */
  deadlineOutside(now: number): Deadline | undefined {
    const { mode, proofTimeoutMs, fullRoomWaitMs } = this.#options;
    if (mode === "members") {
      return { at: now + (proofTimeoutMs ?? PROOF_TIMEOUT_MS), reason: "auth" };
    }
    if (!this.#isFull()) return undefined;
    return { at: now + (fullRoomWaitMs ?? FULL_ROOM_WAIT_MS), reason: "full" };
  }

  /**
   * Gives a peer a place.
   *
   * @param peer One without.
   */
  occupy(peer: P): void {
    peer.hasPlace = true;
    this.#taken++;
  }

  /**
   * Takes a peer's place away, if it has one.
   *
   * @param peer Any one.
   */
  vacate(peer: P): void {
    if (!peer.hasPlace) return;
    peer.hasPlace = false;
    this.#taken--;
  }

  /**
   * Gives a place to somebody who waited and has proved the key: a free one, or that of the
   * newest guest.
   *
   * @param member No longer waiting.
   * @param peers Everyone in the room, the newest last.
   * @returns False if all places are members'.
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

/** Who waits, and for whom it is held responsible. */
export interface Visitor {
  /** As `networkOf()` names it. */
  readonly network: string;
}

/**
 * A bounded number of visitors, in the order in which they came.
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
   * @param visitor Who comes.
   * @returns Who had to go for it: the oldest one, of the network that most are from. So those
   * who come from one network push each other out, and nobody else.
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

  /**
   * Lets a visitor go.
   *
   * @param visitor Any one.
   * @returns Whether it was waiting.
   */
  leave(visitor: V): boolean {
    return this.#visitors.delete(visitor);
  }
}
