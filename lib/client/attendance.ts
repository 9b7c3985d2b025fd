/**
 * What members say of themselves, as it changes the list of who is here.
 *
 * @module
 * @see docs/PROTOCOL.md, "Presence"
 */

import type { Header } from "../protocol/header.ts";
import type { RoomEvent, Trust } from "./events.ts";
import type { Presence } from "./presence.ts";
import type { Change, Roster } from "./roster.ts";

/** The keys of a message that is no introduction: whatever it has under these names is no such key. */
const NO_KEYS: Pick<Header, "agreementKey" | "keyDay"> = {};

/** What an {@linkcode Attendance} works with. */
export interface AttendanceParts {
  readonly roster: Roster;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Is told of members that come, and answers them. */
  readonly presence: Pick<Presence, "noteArrival">;
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
    const { roster, presence } = this.#parts;
    const { kind, id, epoch, nickname } = header;
    if (kind === "leave") {
      return roster.leave(id, epoch) ? [{ kind: "left", id, nickname, trust }] : [];
    }
    if (!["join", "here", "nick"].includes(kind)) return [];
    const change = this.see(header, isLive);
    if (kind === "join" && isLive) presence.noteArrival();
    switch (change.kind) {
      case "renamed":
        return [{ kind: "renamed", id, before: change.before, nickname, trust }];
      case "away":
        return [{ kind: "away", id, nickname, trust, reason: change.entry.away! }];
      case "back":
        return [{ kind: "back", id, nickname, trust }];
      case "joined":
        // A client that is heard of for the first time may have been here for long.
        if (kind !== "join" || !isLive || change.isMember) return [];
        return [{ kind: isFirst ? "joined" : "returned", id, nickname, trust }];
      default:
        return [];
    }
  }

  /**
   * Notes the sender of a message.
   *
   * @param header The message's, of any kind.
   * @param isLive Whether it came as it was written.
   */
  see(header: Header, isLive: boolean): Change {
    const { id, epoch, nickname, kind, silenceSeconds } = header;
    const { roster, monotonic } = this.#parts;
    const isIntroduction = kind === "join" || kind === "here";
    const { agreementKey, keyDay } = isIntroduction ? header : NO_KEYS;
    // A connection that is told of in the backlog may be gone by now.
    const cid = isIntroduction && isLive ? header.cid : undefined;
    const away = isIntroduction ? header.text ?? null : undefined;
    const names = { id, epoch, nickname, agreementKey, keyDay, cid, away, silenceSeconds };
    return roster.see({ ...names, isIntroduction, isPast: !isLive }, monotonic());
  }
}
