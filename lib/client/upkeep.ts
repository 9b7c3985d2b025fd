/**
 * What a session does as time passes, without anything having come.
 *
 * @module
 */

import { formatAsk } from "../protocol/resend_request.ts";
import type { Author } from "./author.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomEvent } from "./events.ts";
import type { Inbox, Phase } from "./inbox.ts";
import { CLIENT_DEAD_MS, CLIENT_PING_MS, HANDSHAKE_TIMEOUT_MS } from "./limits.ts";
import type { Presence } from "./presence.ts";
import type { Roster } from "./roster.ts";

/** What an {@linkcode Upkeep} works with. */
export interface UpkeepParts {
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly author: Author;
  readonly presence: Presence;
  readonly delivery: Delivery;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/**
 * Gaps that are asked for or given up, clients not heard of, heartbeats, and whether the relay
 * is still there.
 */
export class Upkeep {
  readonly #parts: UpkeepParts;
  /** For how long the relay had been silent at the last ping. */
  #pingedAfterMs = 0;

  /** @param parts What it works with. */
  constructor(parts: UpkeepParts) {
    this.#parts = parts;
  }

  /**
   * Tells whether a connection is to be given up.
   *
   * @param silentMs For how long nothing has come.
   * @param phase A relay that has welcomed this client goes on to what is live at once.
   */
  isLost(silentMs: number, phase: Phase): boolean {
    return silentMs > (phase === "live" ? CLIENT_DEAD_MS : HANDSHAKE_TIMEOUT_MS);
  }

  /** Tells whether to ask the relay for a sign of life: once in 30 s of silence. */
  isPingDue(silentMs: number): boolean {
    if (silentMs < this.#pingedAfterMs) this.#pingedAfterMs = 0;
    if (silentMs - this.#pingedAfterMs < CLIENT_PING_MS) return false;
    this.#pingedAfterMs = silentMs;
    return true;
  }

  /**
   * Does what has become due.
   *
   * @param cid This client's connection; undefined while nothing can be said.
   * @param isSettling Whether many have just come back.
   * @returns What the user is told.
   */
  followUp(cid: number | undefined, isSettling: boolean): RoomEvent[] {
    const { inbox, roster, author, presence, delivery, monotonic } = this.#parts;
    const { events, asks } = inbox.tick(isSettling);
    const lost = roster.expire(monotonic()).map(({ id, nickname }): RoomEvent => {
      return { kind: "lost", id, nickname, trust: "verified" };
    });
    if (cid !== undefined && !author.isPlain) {
      const drafts = asks.map(({ window: { id, epoch }, range }) => {
        return { kind: "again", text: formatAsk({ id, epoch, range }) } as const;
      });
      const here = presence.due(monotonic(), roster.size, cid);
      const isAnything = drafts.length + here.length > 0;
      if (isAnything) author.write([...drafts, ...here]).then(() => delivery.notify());
    }
    return [...events, ...lost];
  }
}
