/**
 * Who has a place in the room, and who waits outside.
 *
 * @module
 * @see docs/PROTOCOL.md, "Who gets in"
 */

import type { RoomMode } from "../control.ts";
import { FULL_ROOM_WAIT_MS, PROOF_TIMEOUT_MS } from "../limits.ts";
import type { Peer } from "./peer.ts";
import type { Deadline } from "./sweep.ts";
import { WaitingRoom } from "./waiting_room.ts";

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
 *
 * @example
 * ```ts ignore
 * const deadline = places.deadlineOutside(performance.now());
 * if (deadline) places.waiting.enter(peer)?.expel("full");
 * else places.occupy(peer);
 * ```
 */
export class Places {
  /** Those without a place. */
  readonly waiting: WaitingRoom<Peer> = new WaitingRoom();
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
  occupy(peer: Peer): void {
    peer.hasPlace = true;
    this.#taken++;
  }

  /**
   * Takes a peer's place away, if it has one.
   *
   * @param peer Any one.
   */
  vacate(peer: Peer): void {
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
  claim(member: Peer, peers: ReadonlySet<Peer>): boolean {
    if (this.#isFull()) {
      const isGuest = (peer: Peer) => peer.peerClass === "guest" && peer.hasPlace;
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
