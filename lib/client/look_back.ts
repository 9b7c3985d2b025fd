/**
 * Looking back: a client that was asked for no past messages gets a few from the relay all the same.
 *
 * @module
 */

import type { RoomEvent } from "./events.ts";
import type { Inbox } from "./inbox.ts";
import type { Phase } from "./phase.ts";
import type { Opened } from "./reader.ts";
import type { Hearing } from "./rotation/hearing.ts";

/** What a {@linkcode LookBack} works with. */
export interface LookBackParts {
  readonly inbox: Pick<Inbox, "take">;
  readonly hearing: Pick<Hearing, "hear">;
}

/**
 * Hands tokens to the inbox. Of the past that nobody has asked for it hears alone whether the room
 * has moved on: none of it is shown, and none counts as seen.
 */
export class LookBack {
  /** Whether nobody has asked for what came before this connection was live. */
  isQuiet = false;
  readonly #parts: LookBackParts;

  constructor(parts: LookBackParts) {
    this.#parts = parts;
  }

  /** Whether what comes so is not for the user. */
  hides(phase: Phase): boolean {
    return this.isQuiet && phase !== "live";
  }

  /** Takes a token, as {@linkcode Inbox.take} does. */
  take(opened: Opened, phase: Phase): RoomEvent[] {
    const { inbox, hearing } = this.#parts;
    if (!this.hides(phase)) return inbox.take(opened, phase);
    if (opened.kind === "signed") hearing.hear(opened, phase);
    return [];
  }
}
