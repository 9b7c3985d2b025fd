/**
 * What all guests of a room may cost it, and what all its members may send.
 *
 * @module
 */

import type { PeerClass } from "../watch/events.ts";
import { GuestTurns } from "./guest_turns.ts";
import { MemberTurns } from "./member_turns.ts";
import type { TurningSender, Turns } from "./turns.ts";

/** The turns of each class. */
export type RoomTurns<S extends TurningSender> = Readonly<Record<PeerClass, Turns<S>>>;

/**
 * Begins the turns of a room.
 *
 * @param now The time, by the clock of `performance.now()`.
 */
export function openTurns<S extends TurningSender>(now: number): RoomTurns<S> {
  return { guest: new GuestTurns(now), member: new MemberTurns(now) };
}
