/**
 * A member's connections to a room, one after the other. The session opens what comes and puts it
 * in order, and writes what has become due.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import { Channel } from "../async/channel.ts";
import { ChatError, RefusedError } from "../errors.ts";
import type { Wording } from "../messages/wording.ts";
import type { RelayControl } from "../protocol/control.ts";
import type { Author } from "./author.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomEvent } from "./events.ts";
import type { History } from "./history.ts";
import type { Inbox } from "./inbox.ts";
import type { Phase } from "./phase.ts";
import { Intake } from "./intake.ts";
import { MAX_CRYPTO_IN_FLIGHT, MAX_UNREAD_EVENTS, SESSION_TICK_MS } from "./limits.ts";
import type { Link, LinkEvent, Welcome } from "./link.ts";
import type { LookBack } from "./look_back.ts";
import type { Invitations } from "./pairing/invitations.ts";
import type { Presence } from "./presence.ts";
import type { Reader, Rejection } from "./reader.ts";
import { Reconnection } from "./reconnection.ts";
import type { Mover } from "./rotation/mover.ts";
import type { Roster } from "./roster.ts";
import type { SessionClock } from "./session_clock.ts";

/** What a {@linkcode Session} is made of. */
export interface SessionParts {
  /** Opens a connection and proves the room's key. */
  readonly connect: () => Promise<Link>;
  /** Makes the first connection, as `connect` does if this is missing. */
  readonly connectFirst?: () => Promise<Link>;
  readonly author: Author;
  readonly delivery: Delivery;
  readonly reader: Reader;
  readonly inbox: Inbox;
  readonly history: History;
  readonly past: Pick<LookBack, "sift" | "takeAgain">;
  readonly roster: Roster;
  readonly presence: Presence;
  readonly clock: SessionClock;
  readonly invitations?: Invitations;
  readonly mover: Mover;
  /** Writes to disk what has been seen. Messages are shown when it has settled. */
  readonly persist: () => Promise<void>;
  /** How long to try to connect again, in ms; 0 for not at all. */
  readonly reconnectMs: number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** Returns a number from 0 to 1. */
  readonly random: () => number;
}

/** Keeps a member in a room, over one connection after the other. */
export class Session implements AsyncDisposable {
  readonly #parts: SessionParts;
  readonly #channel = new Channel<RoomEvent>(MAX_UNREAD_EVENTS);
  readonly #running: Promise<void>;
  readonly #timer: ReturnType<typeof setInterval>;
  #link: Link | undefined;
  #phase: Phase = "history";
  #wasLive = false;
  #refusal: RefusedError | undefined;
  readonly #reconnection: Reconnection;
  readonly #intake: Intake;
  readonly #stop = new AbortController();

  private constructor(parts: SessionParts, link: Link) {
    this.#parts = parts;
    this.#reconnection = new Reconnection(parts);
    this.#intake = new Intake(parts);
    this.#running = this.#run(link);
    this.#timer = setInterval(() => this.#tick(), SESSION_TICK_MS);
  }

  /**
   * Connects.
   *
   * @throws {ChatError} If no relay answers, or if it refuses this client.
   */
  static async open(parts: SessionParts): Promise<Session> {
    return new Session(parts, await (parts.connectFirst ?? parts.connect)());
  }

  /** What the relay said when it admitted this client; undefined while there is no connection. */
  get connection(): Welcome | undefined {
    return this.#link?.welcome;
  }

  /** How many lines showed nothing, by reason. */
  get rejected(): ReadonlyMap<Rejection, number> {
    return this.#parts.inbox.rejected;
  }

  /** Whether the session has ended. */
  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** The events of the room, until the session ends. */
  events(): AsyncGenerator<RoomEvent[]> {
    return this.#channel.read();
  }

  /** Ends the session at once. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#close();
    await this.#running;
  }

  async #run(first: Link): Promise<void> {
    try {
      for (let link: Link | undefined = first; link;) {
        if (this.isClosed) return link[Symbol.dispose]();
        const reason = await this.#serve(link);
        if (this.#parts.delivery.isDone) break;
        if (this.#refusal?.isFinal) throw this.#refusal;
        if (this.#reconnection.isOver) throw this.#refusal ?? new ChatError(reason);
        this.#emit([{ kind: "disconnected", reason }]);
        link = await this.#reconnection.connect(this.#parts.connect, this.#stop.signal);
      }
      this.#close();
    } catch (error) {
      this.#close(error);
    }
  }

  /** Serves one connection, and tells why it ended. */
  async #serve(link: Link): Promise<Wording> {
    const { delivery, roster, clock, monotonic } = this.#parts;
    using _link = link;
    using _attached = this.#parts.invitations?.attach(link);
    using _detached = { [Symbol.dispose]: () => this.#parts.mover.detach() };
    this.#link = link;
    this.#phase = this.#wasLive ? "catch-up" : "history";
    this.#refusal = undefined;
    clock.begin();
    if (this.#wasLive) {
      delivery.reconnect(monotonic());
      roster.doubt(monotonic());
    }
    this.#emit(clock.compare(link.welcome.time));
    let reason: Wording | undefined;
    try {
      for await (const events of link.events()) {
        // Nothing is read while the user's side takes its time. That is no silence of the relay.
        clock.pause();
        const begunAt = monotonic();
        await this.#receive(this.#parts.past.sift(events));
        delivery.excuse(monotonic() - begunAt);
        clock.hear();
      }
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      reason = error.wording;
    } finally {
      this.#link = undefined;
      this.#reconnection.noteEnd(delivery.silentMs);
      delivery.stop();
    }
    // Set meanwhile, which the compiler does not see.
    return (this.#refusal as RefusedError | undefined)?.wording ?? reason ?? clock.explainLoss();
  }

  /** Opens many tokens at once, and goes through the events in order. */
  async #receive(events: readonly LinkEvent[]): Promise<void> {
    for (let i = 0; i < events.length; i += MAX_CRYPTO_IN_FLIGHT) {
      const group = events.slice(i, i + MAX_CRYPTO_IN_FLIGHT);
      await this.#emit(await this.#intake.take(group, () => this.#phase, this.#obey));
    }
    await this.#emit(this.#followUp());
  }

  readonly #obey = async (control: RelayControl): Promise<RoomEvent[]> => {
    const { delivery, roster, inbox, invitations } = this.#parts;
    invitations?.take(control);
    switch (control.verb) {
      case "PING":
        this.#link?.answer(control.n);
        return [];
      case "PONG":
        delivery.confirm(control.n);
        return [];
      case "LIVE":
        // Only the first `!LIVE` of a connection counts.
        return this.#link && this.#phase !== "live" ? await this.#goLive(this.#link) : [];
      case "GONE": {
        const gone = roster.gone(control.cid);
        return gone ? [inbox.tellLoss(gone)] : [];
      }
      case "ERR":
        this.#refusal = new RefusedError(control.error);
        return [];
      default:
        return [];
    }
  };

  async #goLive(link: Link): Promise<RoomEvent[]> {
    const { author, presence, delivery, inbox, history, clock, mover } = this.#parts;
    this.#reconnection.noteLive();
    const isAgain = this.#wasLive;
    if (isAgain) inbox.noteReturn();
    const past = history.show(this.#phase);
    this.#phase = "live";
    this.#wasLive = true;
    if (isAgain) clock.returned();
    else inbox.noteLive();
    // The backlog may have a rotation, and what was written under its key.
    past.push(...await mover.attach(link));
    await author.write(presence.introduce("join", link.welcome.cid));
    delivery.run(link);
    return [...past, { kind: "live", isAgain }];
  }

  #tick(): void {
    const { clock, delivery, mover } = this.#parts;
    const link = this.#link;
    if (link && clock.isLost(this.#phase)) link[Symbol.dispose]();
    else if (link && clock.isPingDue()) delivery.ping(link).catch(() => {});
    this.#emit(this.#followUp());
    mover.tick().then((events) => this.#emit(events)).catch((error) => this.#close(error));
  }

  #followUp(): RoomEvent[] {
    const cid = this.#phase === "live" ? this.#link?.welcome.cid : undefined;
    const { events, written } = this.#parts.clock.followUp(cid);
    written.catch((error) => this.#close(error));
    return events;
  }

  /** Hands events to the user's side. After a reconnect, messages that came late are no news. */
  #emit(events: readonly RoomEvent[]): Promise<void> {
    const isQuiet = this.#parts.clock.isSettling;
    return this.#channel.push(events.filter(({ kind }) => kind !== "mended" || !isQuiet));
  }

  #close(error?: unknown): void {
    this.#stop.abort();
    clearInterval(this.#timer);
    this.#link?.[Symbol.dispose]();
    this.#emit(this.#parts.mover.end());
    this.#channel.close(error);
    this.#parts.delivery.stop();
  }
}
