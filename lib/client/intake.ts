/**
 * The way of tokens from a connection to the user: opened many at once, and judged in order.
 *
 * @module
 */

import type { RelayControl } from "../protocol/control.ts";
import type { RoomEvent } from "./events.ts";
import type { History } from "./history.ts";
import type { Inbox } from "./inbox.ts";
import type { Phase } from "./phase.ts";
import type { LinkEvent } from "./link.ts";
import type { LookBack } from "./look_back.ts";
import type { Opened, Reader } from "./reader.ts";
import type { Mover } from "./rotation/mover.ts";

type Token = Extract<LinkEvent, { readonly kind: "token" }>;

/** What an {@linkcode Intake} works with. */
export interface IntakeParts {
  readonly reader: Reader;
  readonly inbox: Inbox;
  readonly history: History;
  readonly past: Pick<LookBack, "takeAgain">;
  readonly mover: Mover;
  /** Writes to disk what has been seen. Messages are shown when it has settled. */
  readonly persist: () => Promise<void>;
}

/** Takes what comes, some of it at a time. */
export class Intake {
  readonly #parts: IntakeParts;

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /**
   * Takes what has come.
   *
   * @param group So few events that their tokens are opened at once.
   * @param phase How they came, which a control line among them may change.
   * @param obey Does what a control line says.
   * @returns What the user is told.
   */
  async take(
    group: readonly LinkEvent[],
    phase: () => Phase,
    obey: (control: RelayControl) => Promise<RoomEvent[]>,
  ): Promise<RoomEvent[]> {
    const { reader, inbox, mover, persist } = this.#parts;
    const tokens = group.flatMap((event) => event.kind === "token" ? [event.token] : []);
    const opened = await reader.openAll(tokens);
    const shown: RoomEvent[] = [];
    let next = 0;
    for (const event of group) {
      if (event.kind === "token") shown.push(...this.#show(event, opened[next++]!, phase()));
      if (event.kind === "control") shown.push(...await obey(event.control));
      const reason = "unreadable";
      if (event.kind === "noise") shown.push(...inbox.take({ kind: "rejected", reason }, "live"));
    }
    if (mover.isBusy) shown.push(...await mover.settle());
    // What was read is on disk before it is shown: it is never new again.
    if (shown.length > 0 || opened.some(({ kind }) => kind !== "rejected")) await persist();
    return shown;
  }

  #show({ token, isPast = false }: Token, opened: Opened, phase: Phase): RoomEvent[] {
    if (isPast) return this.#parts.past.takeAgain(opened, phase);
    const isUnreadable = opened.kind === "rejected" && opened.reason === "unreadable";
    if (!isUnreadable) return this.#parts.history.take(opened, phase);
    this.#parts.mover.hold(token, phase);
    return [];
  }
}
