/**
 * Who comes, goes and is away, by the messages that tell it.
 *
 * @module
 * @see docs/PROTOCOL.md, "Presence"
 */

import type { Header } from "../header.ts";
import type { RoomEvent, Trust } from "./events.ts";
import type { Change, Roster } from "./roster.ts";

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
 *
 * @example
 * ```ts ignore
 * show(attendance.take(header, { isLive: true, trust: "verified", isFirst: true }));
 * ```
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
