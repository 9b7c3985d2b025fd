/**
 * Looking back: a client gets more past messages from the relay than its user is to see.
 *
 * @module
 */

import type { RoomEvent } from "./events.ts";
import type { Inbox } from "./inbox.ts";
import type { LinkEvent } from "./link.ts";
import { PastLines, type PastWish } from "./past_lines.ts";
import type { Phase } from "./phase.ts";
import type { Opened } from "./reader.ts";
import type { Hearing } from "./rotation/hearing.ts";

/** What a {@linkcode LookBack} works with. */
export interface LookBackParts extends PastWish {
  readonly inbox: Pick<Inbox, "take" | "passOver">;
  readonly hearing: Pick<Hearing, "hear">;
}

/**
 * Hands tokens to the inbox. Of the past that nobody has asked for it hears alone whether the room has
 * moved on, and how far its authors were: none of it is shown, and none counts as seen.
 */
export class LookBack {
  readonly #parts: LookBackParts;
  readonly #lines: PastLines;

  constructor(parts: LookBackParts) {
    this.#parts = parts;
    this.#lines = new PastLines(parts);
  }

  /**
   * Notes that a connection begins.
   *
   * @returns How many of the last lines to ask the relay for.
   */
  begin(): number {
    this.#lines.begin();
    return this.#lines.wanted;
  }

  /** As {@linkcode PastLines.sift}. */
  sift(events: readonly LinkEvent[]): readonly LinkEvent[] {
    return this.#lines.sift(events);
  }

  /** Whether what comes so is not for the user. */
  hides(phase: Phase): boolean {
    const { backlog, missedBacklog = 0 } = this.#parts;
    return phase !== "live" && backlog === 0 && (phase === "history" || missedBacklog === 0);
  }

  /** Takes a token, as {@linkcode Inbox.take} does. */
  take(opened: Opened, phase: Phase): RoomEvent[] {
    return this.hides(phase) ? this.#hear(opened, phase) : this.#parts.inbox.take(opened, phase);
  }

  /** Takes a token that was passed over before this client was live for the first time. */
  takeAgain(opened: Opened, phase: Phase): RoomEvent[] {
    if (phase !== "live") return this.#hear(opened, phase);
    return this.#parts.inbox.take({ kind: "rejected", reason: "replayed" }, phase);
  }

  #hear(opened: Opened, phase: Phase): [] {
    if (opened.kind !== "signed") return [];
    this.#parts.inbox.passOver(opened);
    this.#parts.hearing.hear(opened, phase);
    return [];
  }
}
