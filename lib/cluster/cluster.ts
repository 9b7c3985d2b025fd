/**
 * One room on many relays: the order of its lines comes from a stream of NATS.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "One room on several relays"
 */

import { settleWithin } from "../async/within.ts";
import type { Attendance, CarriedSource, Carrier, CarrierSink } from "../relay/carrier.ts";
import { SWEEP_MS } from "../relay/limits.ts";
import type { ClusterEvent } from "../relay/watch/events.ts";
import type { ClusterStats } from "../relay/watch/stats.ts";
import { Attendees } from "./attendance.ts";
import type { Connection } from "./connection.ts";
import { chooseRun, cidOf } from "./entry.ts";
import { Follower } from "./follower.ts";
import { Inbound } from "./inbound.ts";
import { CLOSE_MS, MAX_LOCAL, MIN_READ_BACK, READ_BACK_FACTOR } from "./limits.ts";
import { hold } from "./link.ts";
import { Notices } from "./notices.ts";
import { Publisher } from "./publisher.ts";
import { Repair } from "./repair.ts";
import type { Credentials, NatsServer } from "./servers.ts";
import { describeDifferences } from "./stream_config.ts";
import { namesOf } from "./stream_info.ts";
import { Talk } from "./talk.ts";

/** What a relay joins a room with. */
export interface ClusterOptions {
  readonly servers: readonly NatsServer[];
  readonly credentials: Credentials | undefined;
  /** Certificates of those who vouch for the servers, in PEM; undefined for the usual ones. */
  readonly ca: string | undefined;
  /** Name of the relay; undefined for one made at random. */
  readonly name: string | undefined;
  /** The room, in hex. */
  readonly roomId: string;
  /** Lines of the backlog. */
  readonly backlogLines: number;
  readonly report: (event: ClusterEvent) => void;
}

/** Brings the lines of all relays of a room into the order that the stream gives them. */
export class Cluster implements Carrier {
  readonly stats: ClusterStats = {
    ...{ isConnected: false, outboxBytes: 0, relays: 0, members: 0, published: 0, resent: 0 },
    ...{ taken: 0, refused: 0, missing: 0 },
  };
  readonly #options: ClusterOptions;
  readonly #run = chooseRun();
  readonly #name: string;
  readonly #publisher: Publisher;
  readonly #follower: Follower;
  readonly #attendees: Attendees;
  readonly #notices: Notices;
  readonly #repair: Repair;
  readonly #inbound: Inbound;
  readonly #talk: Talk;
  readonly #stop = new AbortController();
  #sink!: CarrierSink;
  #connection: Connection | undefined;
  #connections = 0;
  #guests: () => number = () => 0;
  #sweep: ReturnType<typeof setInterval> | undefined;
  #lookedAt = -Infinity;

  constructor(options: ClusterOptions) {
    const { name, roomId, backlogLines, report } = options;
    this.#options = options;
    this.#name = name ?? `relay-${this.#run.toString(16).padStart(6, "0")}`;
    const names = namesOf(roomId);
    const now = () => performance.now();
    this.#notices = new Notices({ report, now, stats: this.stats });
    this.#attendees = new Attendees((kind, message, count) => report({ kind, message, count }));
    this.#publisher = new Publisher({
      ...{ relay: this.#name, run: this.#run, subject: `${names.lines}.${this.#name}` },
      ...{ now, stats: this.stats, onHeld: (reason) => this.#notices.hold("publish", reason) },
      isFollowing: () => this.#follower.isFollowing,
    });
    this.#follower = new Follower({
      ...{ stream: names.stream, readBack: MIN_READ_BACK + READ_BACK_FACTOR * backlogLines },
      findFault: (config) => describeDifferences(roomId, config),
      untilRoom: () => this.#sink.untilRoom(),
      take: (entry) => this.#inbound.take(entry),
      // What is published while there is no leader is lost.
      onFollowing: () => this.#publisher.attach(this.#connection),
      onHeld: (reason) => this.#notices.hold("follow", reason),
      onReset: (message) => report({ kind: "cluster reset", message }),
    });
    this.#repair = new Repair({
      ...{ now, run: this.#run, publisher: this.#publisher, follower: this.#follower },
      ...{ attendees: this.#attendees, deliver: (arrived) => this.#inbound.deliver(arrived) },
      ask: (run, from, to) => this.#talk.say({ kind: "ask", run, from, to }),
      onMissing: (relay, count) => this.#notices.miss(relay, count),
    });
    this.#inbound = new Inbound({
      ...{ now, run: this.#run, lines: names.lines, stats: this.stats },
      ...{ order: this.#repair.order, publisher: this.#publisher, notices: this.#notices },
      ...{ attendees: this.#attendees, sink: () => this.#sink },
    });
    this.#talk = new Talk({
      ...{ now, run: this.#run, subject: `${names.presence}.${this.#name}` },
      ...{ order: this.#repair.order, publisher: this.#publisher, notices: this.#notices },
      ...{ attendees: this.#attendees, inbound: this.#inbound, guests: () => this.#guests() },
    });
  }

  /** The name of this relay. */
  get name(): string {
    return this.#name;
  }

  get isFull(): boolean {
    return this.#publisher.isFull;
  }

  get others(): number {
    return this.#attendees.connections;
  }

  attach(sink: CarrierSink): void {
    this.#sink = sink;
  }

  /** Says how many guests this relay has, whenever the others are told. */
  countGuests(guests: () => number): void {
    this.#guests = guests;
  }

  /**
   * Connects, and reads back the last entries. It waits for servers that are not there, and for the
   * stream.
   *
   * @param signal Ends the wait.
   * @throws {UnauthorizedError} If the servers do not know the credentials.
   */
  async start(signal: AbortSignal): Promise<void> {
    const stop = () => this.#stop.abort();
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    const holding = hold({
      ...{ servers: this.#options.servers, credentials: this.#options.credentials },
      ...{ ca: this.#options.ca, name: this.#name, random: Math.random, signal: this.#stop.signal },
      use: (connection) => this.#use(connection),
      onFailed: (reason) => this.#notices.wait(reason),
      onDenied: (what) => this.#notices.deny(what),
    });
    await Promise.race([this.#follower.begun, holding]);
    // From here on a signal stops the relay first, which then hands over what is left.
    signal.removeEventListener("abort", stop);
    this.#inbound.isServing = true;
    this.#repair.order.expect(this.#name, this.#run, 0, performance.now());
    this.#sweep = setInterval(() => this.#look(), SWEEP_MS);
    this.#talk.beat();
  }

  nextCid(isTaken: (cid: number) => boolean): number {
    for (;;) {
      const cid = cidOf(this.#run, ++this.#connections % MAX_LOCAL);
      if (!isTaken(cid)) return cid;
    }
  }

  untilRoom(): Promise<void> {
    return this.#publisher.untilRoom();
  }

  publish(source: CarriedSource, run: Uint8Array, lines: number, isFirstFleeting: boolean): void {
    this.#publisher.publish(source, run, lines, isFirstFleeting);
  }

  announce(attendance: Attendance, cid: number): void {
    this.#publisher.announce(attendance, cid);
  }

  taken(cid: number): Promise<void> | undefined {
    return this.#publisher.taken(cid);
  }

  async close(): Promise<void> {
    await settleWithin(this.#publisher.untilIdle(), CLOSE_MS);
    clearInterval(this.#sweep);
    this.#talk.say({ kind: "bye", run: this.#run });
    const connection = this.#connection;
    this.#stop.abort();
    await settleWithin(connection?.close() ?? Promise.resolve(), CLOSE_MS);
  }

  /** Works over a connection until it has ended. */
  async #use(connection: Connection): Promise<void> {
    const { signal } = this.#stop;
    const ending = new AbortController();
    const end = () => ending.abort();
    signal.addEventListener("abort", end, { once: true });
    const ended = connection.ended.finally(end);
    this.#connection = connection;
    this.#notices.connect(connection.place);
    this.#excuse();
    this.#talk.attach(connection);
    let reason: string | undefined;
    try {
      await this.#follower.follow(connection, ending.signal);
    } catch (error) {
      reason = (error as Error).message;
    }
    this.#connection = undefined;
    this.#publisher.attach(undefined);
    this.#talk.attach(undefined);
    signal.removeEventListener("abort", end);
    if (signal.aborted) return this.#notices.disconnect(undefined);
    connection.abandon();
    this.#notices.disconnect(reason ?? await ended);
  }

  /** Gives all time anew that could not be heard. */
  #excuse(): void {
    this.#attendees.excuse(performance.now());
    this.#repair.excuse();
  }

  #look(): void {
    const now = performance.now();
    // After a standstill, what the others said meanwhile is still to be read.
    if (now - this.#lookedAt > 2 * SWEEP_MS) this.#excuse();
    this.#lookedAt = now;
    this.#publisher.sweep();
    if (!this.#connection) return;
    this.#repair.sweep();
    this.#inbound.tell(this.#attendees.expire(now));
    this.#talk.sweep();
  }
}
