/**
 * The relay accepts connections and passes each line to all peers but its sender. It cannot
 * decrypt: no import leads from here to `fernet.ts`.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { settleWithin } from "../async/within.ts";
import { Acceptance } from "./door/acceptance.ts";
import { Arrivals } from "./door/arrivals.ts";
import { ControlLines } from "./door/control_lines.ts";
import { Entrance } from "./door/entrance.ts";
import { HelloWait } from "./door/hello_wait.ts";
import { prepare } from "./door/listener.ts";
import { Places } from "./door/places.ts";
import { NO_TLS, TlsDoor } from "./door/tls_door.ts";
import { recognizeProbe, SILENT_CLIENT_MS, SILENT_ENDS } from "./door/probes.ts";
import {
  DEFAULT_BACKLOG_LINES,
  DRAIN_MS,
  HELLO_GRACE_MS,
  LINE_TIMEOUT_MS,
  LINGER_MS,
  SWEEP_MS,
  TAKEN_WAIT_MS,
} from "./limits.ts";
import { Pipes } from "./pipes/pipes.ts";
import type { Cursor } from "./log/cursor.ts";
import type { RelayOptions } from "./options.ts";
import { GuestAllowances } from "./peer/allowance.ts";
import { Departures } from "./peer/departure.ts";
import type { Handshake } from "./peer/handshake.ts";
import type { PeerConn, PeerHost } from "./peer/parts.ts";
import { Peer } from "./peer/peer.ts";
import { Room } from "./room.ts";
import { Sweeper } from "./sweep.ts";
import type { CloseReason } from "./watch/events.ts";
import { createStats, type RelayStats } from "./watch/stats.ts";

/** A connection that was accepted, and its place in the log from then on. */
interface Arrival {
  readonly conn: PeerConn;
  readonly cursor: Cursor;
}

/** A relay for one room. */
export class Relay {
  readonly #options: RelayOptions;
  readonly #stats: RelayStats = createStats();
  readonly #room: Room;
  readonly #places: Places<Peer>;
  readonly #controlLines: ControlLines<Peer>;
  readonly #arrivals = new Arrivals<Arrival>((arrival) => this.#track(this.#serve(arrival)));
  readonly #entrance = new Entrance((now) => this.#hasRoomFor(now));
  readonly #tlsDoor: TlsDoor;
  readonly #departures: Departures;
  readonly #acceptance: Acceptance;
  readonly #pipes: Pipes;
  readonly #sweeper: Sweeper;
  /** Undefined if guests may send any amount. */
  readonly #guestAllowances: GuestAllowances | undefined;
  readonly #helloWait = new HelloWait<Peer>(HELLO_GRACE_MS, (peer) => peer.writer.release());
  readonly #countWait = new HelloWait<Peer>(SILENT_CLIENT_MS, (peer) => this.#room.count(peer));
  readonly #peerHost: PeerHost<Peer>;
  readonly #serving = new Set<Promise<void>>();
  #connections = 0;
  #pings = 0;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { backlogLines = DEFAULT_BACKLOG_LINES, rateLimit = true } = options;
    this.#room = new Room({ ...options, backlogLines, rateLimit, stats: this.#stats });
    this.#guestAllowances = rateLimit ? new GuestAllowances() : undefined;
    this.#places = new Places(options);
    this.#departures = new Departures(options.maxLingering);
    const parts = {
      ...{ ...options, stats: this.#stats, entrance: this.#entrance, departures: this.#departures },
      arrive: (conn: PeerConn) => this.#arrivals.take({ conn, cursor: this.#room.openCursor() }),
    };
    this.#acceptance = new Acceptance(parts);
    this.#tlsDoor = new TlsDoor(parts);
    this.#pipes = new Pipes(parts);
    this.#sweeper = new Sweeper(options.lineTimeoutMs ?? LINE_TIMEOUT_MS);
    this.#controlLines = new ControlLines({
      ...parts,
      taken: (peer) => this.#room.taken(peer),
      onStep: (peer) => this.#places.waiting.noteStep(peer, performance.now()),
      onProved: (peer, handshake) => this.#admitMember(peer, handshake),
      onVisit: (peer) => this.#letVisit(peer),
    });
    this.#peerHost = {
      arrivals: { settled: () => this.#settleArrivals() },
      room: this.#room,
      controlLines: this.#controlLines,
      stats: this.#stats,
    };
  }

  /** Numbers for metrics, as they are now. */
  get stats(): RelayStats {
    const { bytesOut, logBytes } = this.#room;
    const waiting = this.#places.waiting.size + this.#tlsDoor.size;
    const [slots, pipes] = [this.#controlLines.slots.size, this.#pipes.size];
    const cluster = this.#options.carrier?.stats;
    return Object.assign(this.#stats, { bytesOut, logBytes, waiting, slots, pipes, cluster });
  }

  /**
   * Serves until `signal` aborts. The relay then writes what is queued, for 2 s at most, and closes
   * all connections.
   *
   * @param ports Are closed when this returns, as those of `tls` are.
   * @param signal Stops the relay.
   */
  async serve(ports: readonly Deno.Listener[], signal: AbortSignal, tls = NO_TLS): Promise<void> {
    const close = () => [...ports, ...tls.listeners].forEach((port) => port.close());
    signal.addEventListener("abort", close, { once: true });
    if (signal.aborted) close();
    const sweep = setInterval(() => this.#sweep(performance.now()), SWEEP_MS);
    const accepting = ports.map((port) => this.#acceptance.serve(port, signal));
    await Promise.all([...accepting, this.#tlsDoor.serve(tls, signal)]);
    this.#arrivals.serveAll();
    clearInterval(sweep);
    for (const peer of [...this.#room.peers, ...this.#places.waiting]) peer.expel("stopped");
    this.#pipes.stop();
    await settleWithin(Promise.all(this.#serving), DRAIN_MS + LINGER_MS);
    await this.#room.close();
  }

  /** Whether one more connection can be accepted without costing another its place. */
  #hasRoomFor(now: number): boolean {
    const { hasGuestPlace, waiting } = this.#places;
    const { awaited, hasRoom } = this.#acceptance;
    return hasRoom && (hasGuestPlace || waiting.hasRoom(this.#arrivals.unserved + awaited, now));
  }

  /** Waits for those who get the next lines. Who has to wait outside gets none. */
  #settleArrivals(): Promise<void> {
    return this.#places.hasGuestPlace ? this.#arrivals.settled() : Promise.resolve();
  }

  #track(serving: Promise<void>): void {
    this.#serving.add(serving);
    serving.finally(() => this.#serving.delete(serving));
  }

  async #serve({ conn, cursor }: Arrival): Promise<void> {
    prepare(conn);
    const { carrier, report } = this.#options;
    const peer: Peer = new Peer({
      cid: carrier?.nextCid((cid) => this.#room.has(cid)) ?? ++this.#connections,
      conn,
      cursor,
      allowance: this.#guestAllowances && ((now) => this.#guestAllowances!.open(peer.network, now)),
      deadline: this.#places.deadlineOutside(performance.now()),
      host: this.#peerHost,
    });
    const { address } = peer;
    const hasToWait = peer.deadline !== undefined;
    if (hasToWait) this.#receive(peer, performance.now());
    else this.#enter(peer);
    const reason = recognizeProbe(peer, await this.#servePeer(peer));
    const { cid, linesIn, bytesIn, bytesOut } = peer;
    const isInRoom = this.#room.peers.has(peer);
    this.#room.leave(peer);
    this.#places.waiting.leave(peer);
    if (!hasToWait && peer.peerClass === "guest" && reason !== "pipe") {
      this.#entrance.noteStranger(performance.now());
    }
    this.#controlLines.slots.leave(peer);
    this.#stats.closed[reason]++;
    if (peer.isVisitor) report({ kind: "visited", cid, reason, address });
    else if (!peer.isCounted && !SILENT_ENDS.includes(reason)) {
      report({ kind: "refused", reason, address });
    }
    if (reason === "pipe") peer.release();
    else await this.#departures.close(peer, reason);
    if (isInRoom && peer.isCounted) {
      report({ kind: "left", cid, reason, address, linesIn, bytesIn, bytesOut });
    }
    await peer.writer.settled();
    this.#places.vacate(peer);
    if (reason !== "pipe") return;
    await this.#pipes.take(peer.pipe!, { cid, conn, network: peer.network, address });
  }

  #enter(peer: Peer): void {
    this.#places.occupy(peer);
    this.#room.enter(peer);
  }

  #receive(peer: Peer, now: number): void {
    this.#entrance.noteStranger(now);
    this.#places.waiting.enter(peer, now)?.expel("full");
  }

  async #servePeer(peer: Peer): Promise<CloseReason> {
    const reading = peer.isExpelled ? peer.expelled : peer.read();
    const waits = [this.#helloWait, this.#countWait];
    if (peer.hasPlace) waits.forEach((wait) => wait.add(peer));
    const reason = await Promise.race([reading, peer.expelled]);
    peer.expel(reason);
    waits.forEach((wait) => wait.remove(peer));
    if (reason === "end") await settleWithin(this.#room.taken(peer) ?? reading, TAKEN_WAIT_MS);
    await this.#departures.drain(peer, reason);
    return reason;
  }

  #admitMember(peer: Peer, handshake: Handshake): void {
    const [{ cid, address }, { report }] = [peer, this.#options];
    if (peer.pipe !== undefined) return peer.expel("pipe");
    if (!this.#places.waiting.leave(peer)) {
      this.#room.welcome(peer, handshake);
      return report({ kind: "member", cid, address });
    }
    this.#entrance.noteMember();
    if (!this.#places.claim(peer, this.#room.peers)) return peer.expel("full");
    this.#room.welcome(peer, handshake);
    report({ kind: "joined", cid, peerClass: "member", address });
  }

  /** Makes a peer a visitor, which waits outside of the room. */
  #letVisit(peer: Peer): void {
    const { cid, address } = peer;
    if (peer.hasPlace) {
      this.#helloWait.remove(peer);
      this.#room.leave(peer);
      this.#places.vacate(peer);
      this.#places.waiting.enter(peer, performance.now())?.expel("full");
    }
    this.#options.report({ kind: "visiting", cid, address });
  }

  #sweep(now: number): void {
    const stoodMs = this.#sweeper.begin(now);
    this.#room.expire();
    this.#controlLines.slots.expire();
    this.#pipes.sweep();
    this.#tlsDoor.sweep(now);
    for (const peer of [...this.#places.waiting, ...this.#room.peers]) {
      if (stoodMs > 0 && peer.isReading) peer.excuse(stoodMs);
      const reason = this.#sweeper.judge(peer, now);
      if (reason) peer.expel(reason);
      else if (this.#sweeper.isPingDue(peer, now) || this.#sweeper.isProbeDue(peer, now)) {
        this.#controlLines.ping(peer, ++this.#pings);
      }
    }
  }
}
