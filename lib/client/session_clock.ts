/**
 * The clock side of a session: what becomes due with time.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import { formatResendRequest } from "../protocol/resend_request.ts";
import { worded, type Wording } from "../messages/wording.ts";
import type { Author, NewMessage } from "./author.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomEvent } from "./events.ts";
import type { Inbox } from "./inbox.ts";
import type { Phase } from "./phase.ts";
import {
  BEHIND_MS,
  CLIENT_DEAD_MS,
  CLIENT_PING_MS,
  HANDSHAKE_TIMEOUT_MS,
  MAX_CLOCK_DIFFERENCE_SECONDS,
  SETTLING_MS,
} from "./limits.ts";
import type { Presence } from "./presence.ts";
import type { Roster } from "./roster.ts";

/** What a {@linkcode SessionClock} works with. */
export interface SessionClockParts {
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly author: Author;
  readonly presence: Presence;
  readonly delivery: Pick<Delivery, "silentMs" | "lagMs">;
  /** Has keys move on with the days. */
  readonly tick?: () => Promise<unknown>;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
}

/** What has become due. */
export interface Due {
  /** What the user is told. */
  readonly events: RoomEvent[];
  /** Settles when the messages to others are in the outbox, and the keys have moved on. */
  readonly written: Promise<unknown>;
}

/**
 * Asks for gaps and gives them up, drops clients that are not heard of, writes heartbeats, and
 * watches whether the relay is still there.
 */
export class SessionClock {
  readonly #parts: SessionClockParts;
  /** When the relay was last heard, in ms; infinite while its silence does not count. */
  #heardAt = 0;
  /** When the present connection began, in ms. */
  #servedSince = 0;
  /** How long the relay had been silent at the last ping, in ms. */
  #pingedAfterMs = 0;
  #liveAgainSince = -Infinity;
  /** The relay's clock at its last welcome, in unix s, and when that was by the other clock. */
  #relay: { readonly time: number; readonly at: number } | undefined;
  /** Since when the clocks differ by much; undefined while they do not. */
  #differSince: number | undefined;
  #isDifferenceTold = false;

  constructor(parts: SessionClockParts) {
    this.#parts = parts;
  }

  /** Notes that a connection begins. */
  begin(): void {
    this.#servedSince = this.#parts.monotonic();
    this.hear();
  }

  /** Notes that the relay was heard. */
  hear(): void {
    this.#heardAt = this.#parts.monotonic();
  }

  /** Stops counting silence until `hear()`. */
  pause(): void {
    this.#heardAt = Infinity;
  }

  /** Notes that the session is live again after a reconnect. */
  returned(): void {
    this.#liveAgainSince = this.#parts.monotonic();
  }

  /** Whether the session reconnected in the last 15 s. Other members may reconnect now, too. */
  get isSettling(): boolean {
    return this.#parts.monotonic() - this.#liveAgainSince < SETTLING_MS;
  }

  /**
   * Tells whether the relay has been silent for so long that the connection counts as lost: 90 s. A
   * relay that says much and takes nothing is as good as silent.
   *
   * @param phase Before "live" the bound of silence is 10 s, as the relay sends the backlog at once,
   * and 90 s are enough for all of it.
   */
  isLost(phase: Phase): boolean {
    if (phase !== "live") {
      const servedMs = this.#parts.monotonic() - this.#servedSince;
      const isPaused = this.#heardAt === Infinity;
      return this.#silentMs > HANDSHAKE_TIMEOUT_MS || !isPaused && servedMs > CLIENT_DEAD_MS;
    }
    return this.#silentMs > CLIENT_DEAD_MS || this.#takesNothing;
  }

  /** Says why a connection that broke was lost. */
  explainLoss(): Wording {
    return this.#takesNothing
      ? worded("Connection lost: the server takes nothing any more")
      : worded("Connection lost: the server is gone");
  }

  get #takesNothing(): boolean {
    return this.#parts.delivery.silentMs > CLIENT_DEAD_MS;
  }

  /** Tells whether to ping the relay. It is pinged once in 30 s of silence. */
  isPingDue(): boolean {
    const silentMs = this.#silentMs;
    if (silentMs < this.#pingedAfterMs) this.#pingedAfterMs = 0;
    if (silentMs - this.#pingedAfterMs < CLIENT_PING_MS) return false;
    this.#pingedAfterMs = silentMs;
    return true;
  }

  /**
   * Compares this clock with the relay's, and goes on comparing: it may be set at any time.
   *
   * @param relayTime The relay's time, in unix seconds.
   * @returns The difference, once, if it is more than 120 s; else nothing.
   */
  compare(relayTime: number): RoomEvent[] {
    this.#relay = { time: relayTime, at: this.#parts.monotonic() };
    return this.#tellDifference(true);
  }

  /** The relay's clock, in unix seconds; undefined before its first welcome. */
  get relayTime(): number | undefined {
    if (!this.#relay) return undefined;
    return this.#relay.time + (this.#parts.monotonic() - this.#relay.at) / 1000;
  }

  /** By how many seconds this clock is ahead of the relay's, if that is much; else 0. */
  get difference(): number {
    const { relayTime } = this;
    if (relayTime === undefined) return 0;
    const seconds = Math.round(this.#parts.now() / 1000 - relayTime);
    return Math.abs(seconds) > MAX_CLOCK_DIFFERENCE_SECONDS ? seconds : 0;
  }

  /** Tells of a difference, once as long as there is one, and of its end. */
  #tellDifference(isWelcome: boolean): RoomEvent[] {
    const seconds = this.difference;
    if (seconds === 0) {
      const wasTold = this.#isDifferenceTold;
      this.#differSince = undefined;
      this.#isDifferenceTold = false;
      return wasTold ? [{ kind: "clock", seconds }] : [];
    }
    const now = this.#parts.monotonic();
    this.#differSince ??= now;
    // A machine that slept looks fast, too, until it notices that its connection is gone.
    const isCertain = isWelcome || seconds < 0 || now - this.#differSince > CLIENT_DEAD_MS;
    if (this.#isDifferenceTold || !isCertain) return [];
    this.#isDifferenceTold = true;
    return [{ kind: "clock", seconds }];
  }

  /**
   * Does what has become due.
   *
   * @param cid The number of this client's connection; undefined while nothing can be written.
   */
  followUp(cid: number | undefined): Due {
    const { inbox, roster, author, presence, delivery, tick, monotonic } = this.#parts;
    const isBehind = delivery.lagMs > BEHIND_MS;
    const { events, asks } = inbox.tick({ isConnected: cid !== undefined, isBehind });
    const lost = roster.expire(monotonic()).map((entry) => inbox.tellLoss(entry));
    const due: NewMessage[] = [];
    if (cid !== undefined && !author.isPlain) {
      for (const { window: { id, epoch }, range } of asks) {
        due.push({ kind: "again", text: formatResendRequest({ id, epoch, range }) });
      }
      const { size: members, isImpatient } = roster;
      due.push(...presence.due(cid, { members, isImpatient, wroteAt: author.wroteAt }));
    }
    const written = Promise.all([due.length > 0 ? author.write(due) : [], tick?.()]);
    return { events: [...events, ...lost, ...this.#tellDifference(false)], written };
  }

  get #silentMs(): number {
    return this.#parts.monotonic() - this.#heardAt;
  }
}
