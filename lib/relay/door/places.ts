/**
 * The places of the room, and the connections that wait outside for one.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import type { RoomMode } from "../../protocol/control.ts";
import { FULL_ROOM_WAIT_MS, PROOF_TIMEOUT_MS } from "../limits.ts";
import type { Deadline } from "../peer/handshake.ts";
import type { CloseReason, PeerClass } from "../watch/events.ts";
import { type Visitor, WaitingRoom } from "./waiting_room.ts";

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
  /** How many peers can wait; 512 by default. */
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
    if (this.hasGuestPlace) return undefined;
    const { mode, proofTimeoutMs, fullRoomWaitMs } = this.#options;
    return mode === "members"
      ? { at: now + (proofTimeoutMs ?? PROOF_TIMEOUT_MS), reason: "auth" }
      : { at: now + (fullRoomWaitMs ?? FULL_ROOM_WAIT_MS), reason: "full" };
  }

  /** Whether there is a place for a guest. */
  get hasGuestPlace(): boolean {
    return this.#options.mode === "open" && !this.#isFull();
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
