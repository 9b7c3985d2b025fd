/**
 * A member's connections to a room, one after the other: what comes is opened
 * and put in order, what is due is said.
 *
 * @module
 * @see docs/PROTOCOL.md, "Reconnecting"
 */

import { retry } from "../async/backoff.ts";
import { Channel } from "../async/channel.ts";
import { ChatError, RefusedError } from "../errors.ts";
import type { RelayControl } from "../protocol/control.ts";
import type { Author } from "./author.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomEvent } from "./events.ts";
import type { Inbox, Phase } from "./inbox.ts";
import {
  MAX_CLOCK_DIFFERENCE_SECONDS,
  MAX_CRYPTO_IN_FLIGHT,
  MAX_UNREAD_EVENTS,
  SESSION_TICK_MS,
  SETTLING_MS,
} from "./limits.ts";
import type { Link, LinkEvent, Welcome } from "./link.ts";
import type { Presence } from "./presence.ts";
import type { Reader, Rejection } from "./reader.ts";
import type { Roster } from "./roster.ts";
import type { Upkeep } from "./upkeep.ts";

/** What a {@linkcode Session} is made of. */
export interface SessionParts {
  /** Connects and shakes hands. */
  readonly connect: () => Promise<Link>;
  readonly author: Author;
  readonly delivery: Delivery;
  readonly reader: Reader;
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly presence: Presence;
  readonly upkeep: Upkeep;
  /** Keeps what has been seen; settles when it may be shown. */
  readonly persist: () => Promise<void>;
  /** How long to try to connect again, in ms; 0 for not at all. */
  readonly reconnectMs: number;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** A clock in ms that never runs back. */
  readonly monotonic: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * A member that stays in a room, whatever happens to its connections.
 */
export class Session implements AsyncDisposable {
  readonly #parts: SessionParts;
  readonly #channel = new Channel<RoomEvent>(MAX_UNREAD_EVENTS);
  readonly #running: Promise<void>;
  readonly #timer: ReturnType<typeof setInterval>;
  #link: Link | undefined;
  #phase: Phase = "history";
  #wasLive = false;
  #liveAgainSince = -Infinity;
  #heardAt = 0;
  #refusal: RefusedError | undefined;
  readonly #stop = new AbortController();
  #isClockTold = false;
  /** The connection whose `!PING` is being answered: one answer at a time. */
  #answering: Link | undefined;

  private constructor(parts: SessionParts, link: Link) {
    this.#parts = parts;
    this.#running = this.#run(link);
    this.#timer = setInterval(() => this.#tick(), SESSION_TICK_MS);
  }

  /**
   * Connects.
   *
   * @param parts What it is made of.
   * @throws {ChatError} If there is no relay, or it refuses.
   */
  static async open(parts: SessionParts): Promise<Session> {
    return new Session(parts, await parts.connect());
  }

  /** What the relay said when it let this client in; undefined while it is not connected. */
  get connection(): Welcome | undefined {
    return this.#link?.welcome;
  }

  /** Who is here. */
  get roster(): Roster {
    return this.#parts.roster;
  }

  /** Lines that showed nothing, by reason. */
  get rejected(): ReadonlyMap<Rejection, number> {
    return this.#parts.inbox.rejected;
  }

  /** Whether it has ended. */
  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  /** What happens, until the session ends. */
  events(): AsyncGenerator<RoomEvent[]> {
    return this.#channel.read();
  }

  /** Ends at once. */
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
        if (this.#parts.reconnectMs === 0) throw this.#refusal ?? new ChatError(reason);
        this.#emit([{ kind: "disconnected", reason }]);
        link = await this.#reconnect();
      }
      this.#close();
    } catch (error) {
      this.#close(error);
    }
  }

  /** Undefined if the session was closed meanwhile. */
  #reconnect(): Promise<Link | undefined> {
    const { connect, reconnectMs, random, monotonic } = this.#parts;
    const giveUpAt = monotonic() + reconnectMs;
    const isFinal = (error: unknown) => error instanceof RefusedError && error.isFinal;
    const mayRetry = (error: unknown) => !isFinal(error) && monotonic() < giveUpAt;
    return retry(connect, { random, mayRetry, signal: this.#stop.signal });
  }

  /** Serves one connection, and tells why it ended. */
  async #serve(link: Link): Promise<string> {
    const { delivery, roster, monotonic } = this.#parts;
    using _link = link;
    this.#link = link;
    this.#phase = this.#wasLive ? "catch-up" : "history";
    this.#refusal = undefined;
    this.#heardAt = monotonic();
    if (this.#wasLive) {
      delivery.reconnect(monotonic());
      roster.forgetConnections();
    }
    this.#checkClock(link.welcome.time);
    let reason = "Connection lost: the server is gone";
    try {
      for await (const events of link.events()) {
        // While the user's side is slow, it is not the relay that is silent.
        this.#heardAt = Infinity;
        await this.#receive(events);
        this.#heardAt = monotonic();
      }
    } catch (error) {
      if (!(error instanceof ChatError)) throw error;
      reason = error.message;
    } finally {
      this.#link = undefined;
      this.#parts.delivery.notify();
      link[Symbol.dispose]();
      // Not waited for: below Deno 2.9.5 a write that is stuck outlives its connection.
      delivery.stop();
    }
    return this.#takeRefusal()?.message ?? reason;
  }

  #takeRefusal(): RefusedError | undefined {
    return this.#refusal;
  }

  /** Opens tokens many at once, and goes through them in order. */
  async #receive(events: readonly LinkEvent[]): Promise<void> {
    const { reader, inbox, persist } = this.#parts;
    for (let i = 0; i < events.length; i += MAX_CRYPTO_IN_FLIGHT) {
      const group = events.slice(i, i + MAX_CRYPTO_IN_FLIGHT);
      const tokens = group.flatMap((event) => event.kind === "token" ? [event.token] : []);
      const opened = await reader.openAll(tokens);
      const shown: RoomEvent[] = [];
      let next = 0;
      for (const event of group) {
        if (event.kind === "token") shown.push(...inbox.take(opened[next++]!, this.#phase));
        if (event.kind === "control") shown.push(...await this.#obey(event.control));
        const reason = "unreadable";
        if (event.kind === "noise") shown.push(...inbox.take({ kind: "rejected", reason }, "live"));
      }
      // What was read is on disk before it is shown: it is never new again.
      if (opened.some(({ kind }) => kind !== "rejected")) await persist();
      await this.#emit(shown);
    }
    await this.#emit(this.#followUp());
  }

  async #obey(control: RelayControl): Promise<RoomEvent[]> {
    const { delivery, roster } = this.#parts;
    switch (control.verb) {
      case "PING":
        if (this.#link) this.#answer(this.#link, control.n);
        return [];
      case "PONG":
        delivery.confirm(control.n);
        return [];
      case "LIVE":
        // Once on each connection, however often a relay says it.
        return this.#link && this.#phase !== "live" ? await this.#goLive(this.#link) : [];
      case "GONE": {
        const gone = roster.gone(control.cid);
        if (!gone) return [];
        return [{ kind: "lost", id: gone.id, nickname: gone.nickname, trust: "verified" }];
      }
      case "ERR":
        this.#refusal = new RefusedError(control.error);
        return [];
      default:
        return [];
    }
  }

  /** Not waited for: a relay that asks and does not read would never count as silent. */
  #answer(link: Link, n: number): void {
    if (this.#answering === link) return;
    this.#answering = link;
    link.say({ verb: "PONG", n }).catch(() => {}).finally(() => {
      if (this.#answering === link) this.#answering = undefined;
    });
  }

  async #goLive(link: Link): Promise<RoomEvent[]> {
    const isAgain = this.#wasLive;
    this.#phase = "live";
    this.#wasLive = true;
    if (isAgain) this.#liveAgainSince = this.#parts.monotonic();
    const { author, presence, delivery } = this.#parts;
    await author.write(presence.introduce("join", link.welcome.cid));
    delivery.run(link);
    return [{ kind: "live", isAgain }];
  }

  #tick(): void {
    const { upkeep, delivery, monotonic } = this.#parts;
    const link = this.#link;
    const silentMs = monotonic() - this.#heardAt;
    if (link && upkeep.isLost(silentMs, this.#phase)) link[Symbol.dispose]();
    else if (link && upkeep.isPingDue(silentMs)) delivery.ping(link).catch(() => {});
    this.#emit(this.#followUp());
  }

  #followUp(): RoomEvent[] {
    const cid = this.#phase === "live" ? this.#link?.welcome.cid : undefined;
    return this.#parts.upkeep.followUp(cid, this.#isSettling);
  }

  /** Whether it has just come back, and others may have too. */
  get #isSettling(): boolean {
    return this.#parts.monotonic() - this.#liveAgainSince < SETTLING_MS;
  }

  /** After a reconnect it goes without saying that messages were sent again. */
  #emit(events: readonly RoomEvent[]): Promise<void> {
    const isQuiet = this.#isSettling;
    return this.#channel.push(events.filter(({ kind }) => kind !== "mended" || !isQuiet));
  }

  #checkClock(relayTime: number): void {
    const seconds = Math.round(this.#parts.now() / 1000 - relayTime);
    if (this.#isClockTold || Math.abs(seconds) <= MAX_CLOCK_DIFFERENCE_SECONDS) return;
    this.#isClockTold = true;
    this.#emit([{ kind: "clock", seconds }]);
  }

  #close(error?: unknown): void {
    this.#stop.abort();
    clearInterval(this.#timer);
    this.#link?.[Symbol.dispose]();
    this.#channel.close(error);
    this.#parts.delivery.notify();
  }
}
