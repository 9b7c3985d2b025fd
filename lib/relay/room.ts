/**
 * The room: the peers that read the log, and what each of them is told.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { formatControl } from "../protocol/control.ts";
import { MAX_LINE_BYTES } from "../protocol/limits.ts";
import type { Attendance, Carriage, CarriedSource, Carrier, CarrierSink } from "./carrier.ts";
import { Gate } from "./gate.ts";
import { MAX_LOG_BYTES, MEMBER_RATE } from "./limits.ts";
import { Backlog } from "./log/backlog.ts";
import { Cursor } from "./log/cursor.ts";
import { Filing } from "./log/filing.ts";
import { Keeper } from "./log/keeper.ts";
import { BroadcastLog } from "./log/log.ts";
import { Allowance } from "./peer/allowance.ts";
import type { Handshake } from "./peer/handshake.ts";
import type { Peer } from "./peer/peer.ts";
import type { Writer } from "./peer/writer.ts";
import type { RoomOptions } from "./room_options.ts";
import { openTurns } from "./turns/room_turns.ts";

/** Passes lines on, and tells members which connections of members come and go. */
export class Room implements CarrierSink {
  readonly gate: Gate<Peer>;
  readonly #log = new BroadcastLog();
  readonly #peers = new Set<Peer>();
  /** The writers of all peers. This list saves a look-up for each line and receiver. */
  readonly #writers: Writer[] = [];
  readonly #backlog: Backlog;
  readonly #keeper: Keeper | undefined;
  readonly #filing: Filing;
  readonly #carrier: Carrier | undefined;
  /** The peers by their numbers, if there is a carrier. */
  readonly #byCid = new Map<number, Peer>();
  readonly #rateLimit: boolean;
  readonly #stats: RoomOptions["stats"];
  readonly #report: NonNullable<RoomOptions["report"]>;
  /** Ages are not told by the wall clock: once set ahead, it would empty the backlog for good. */
  readonly #now: () => number;
  #bytesOutOfLeft = 0;
  #isFlushDue = false;

  constructor(options: RoomOptions) {
    const { backlogLines, maxLogBytes, rateLimit, stats, store, report = () => {} } = options;
    const now = this.#now = options.now ?? (() => performance.now());
    const backlog = this.#backlog = new Backlog(backlogLines);
    this.#filing = new Filing(this.#log, backlog);
    const parts = { backlog, file: () => this.#filing.file(), now, wall: Date.now, stats, report };
    this.#keeper = store && new Keeper({ ...parts, store });
    this.#rateLimit = rateLimit;
    this.#stats = stats;
    this.#report = report;
    this.gate = new Gate(this.#log, this.#peers, {
      maxLogBytes: maxLogBytes ?? MAX_LOG_BYTES,
      turns: rateLimit ? openTurns(performance.now()) : undefined,
      cut(peer) {
        peer.expel("too slow");
        peer.cursor.close();
      },
      carrier: this.#carrier = options.carrier,
    });
    this.#carrier?.attach(this);
  }

  /** The peers in the room, the newest last. */
  get peers(): ReadonlySet<Peer> {
    return this.#peers;
  }

  /** Bytes in the log. */
  get logBytes(): number {
    return this.#log.heldBytes;
  }

  /** Bytes written to all peers that are in the room or have left it. */
  get bytesOut(): number {
    let bytesOut = this.#bytesOutOfLeft;
    for (const peer of this.#peers) bytesOut += peer.bytesOut;
    return bytesOut;
  }

  /** Opens a cursor at the end of the log. */
  openCursor(): Cursor {
    return new Cursor(this.#log);
  }

  /** Takes a guest in. Lines that are appended from now on go to it. */
  enter(peer: Peer): void {
    this.#peers.add(peer);
    this.#writers.push(peer.writer);
    if (this.#carrier) this.#byCid.set(peer.cid, peer);
  }

  /** Counts a peer of the room as a client, once. A check of the port leaves before that. */
  count(peer: Peer): void {
    if (peer.isCounted || !this.#peers.has(peer)) return;
    const { cid, peerClass, address } = peer;
    peer.isCounted = true;
    this.#stats.clients[peerClass]++;
    this.#report({ kind: "joined", cid, peerClass, address });
  }

  /**
   * Makes a peer a member. The peer gets `!WELCOME`, its part of the backlog, and then the log from
   * here on.
   *
   * The backlog is read and the cursor is placed at one moment, so no line is missing and none
   * comes twice.
   *
   * @param peer A guest of the room, or a peer that waited outside.
   * @param handshake The peer's handshake, whose proof was good.
   */
  welcome(peer: Peer, { backlog, seen }: Handshake): void {
    if (!this.#peers.has(peer)) this.enter(peer);
    if (peer.isCounted) this.#stats.clients[peer.peerClass]--;
    peer.isCounted = true;
    peer.promote(this.#rateLimit ? (now) => new Allowance(MEMBER_RATE, now) : undefined);
    this.#stats.clients[peer.peerClass]++;
    const { writer, cid } = peer;
    this.#filing.file();
    const { lines, parts } = this.#backlog.recall({ cid, seen, lines: backlog, now: this.#now() });
    writer.rejoin();
    writer.say(formatControl({
      verb: "WELCOME",
      cid,
      time: Math.floor(Date.now() / 1000),
      maxBytes: MAX_LINE_BYTES,
      peers: this.#stats.clients.guest + this.#stats.clients.member + (this.#carrier?.others ?? 0),
    }));
    writer.say(formatControl({ verb: "BACKLOG", count: lines }));
    for (const part of parts) writer.recall(part);
    writer.say(formatControl({ verb: "LIVE" }));
    this.#announce("JOINED", cid);
  }

  /** Takes a peer out. If the peer was a member, the other members are told. */
  leave(peer: Peer): void {
    if (!this.#peers.delete(peer)) return;
    this.#writers.splice(this.#writers.indexOf(peer.writer), 1);
    if (peer.isCounted) this.#stats.clients[peer.peerClass]--;
    this.#bytesOutOfLeft += peer.bytesOut;
    this.#byCid.delete(peer.cid);
    if (peer.peerClass === "member") this.#announce("GONE", peer.cid);
  }

  /**
   * Passes lines on to all peers but their sender.
   *
   * @param peer The sender.
   * @param run Whole lines, each with its LF. They are copied.
   * @param lines How many lines are in `run`.
   */
  publish(peer: Peer, run: Uint8Array, lines: number): void {
    const isFirstFleeting = peer.isNextFleeting;
    peer.isNextFleeting = false;
    this.gate.note(peer, lines, run.length, peer.pace.inputAt);
    this.#stats.linesIn += lines;
    this.#stats.bytesIn += run.length;
    if (this.#carrier) {
      this.#carrier.publish(peer, run, lines, isFirstFleeting);
      return this.gate.check();
    }
    this.#append(peer, run, lines, isFirstFleeting);
    this.#flush();
  }

  untilRoom(): Promise<void> | undefined {
    return this.gate.isFull ? this.gate.untilRoom() : undefined;
  }

  append(source: CarriedSource, run: Uint8Array, lines: number, carriage: Carriage): void {
    const peer = this.#byCid.get(source.cid);
    this.#log.append(run);
    const { end } = this.#log;
    peer?.cursor.skipTo(end, run.length);
    const time = this.#now() - carriage.ageMs;
    this.#filing.note({ ...source, end, time }, run.length, carriage.isKept ? lines : 0);
    if (!peer) this.gate.noteOthers(run.length);
    this.#stats.deliveries += lines * (this.#peers.size - (peer ? 1 : 0));
    this.#flush();
  }

  tell(attendance: Attendance, cid: number): void {
    const line = formatControl({ verb: attendance, cid });
    for (const peer of this.#peers) {
      if (peer.peerClass === "member" && peer.cid !== cid) peer.writer.notify(line);
    }
    this.#flush();
  }

  /** Whether a connection in the room has a number, if there is a carrier. */
  has(cid: number): boolean {
    return this.#byCid.has(cid);
  }

  /** Settles when all that a peer has sent is taken; undefined if it is. */
  taken({ cid }: Pick<Peer, "cid">): Promise<void> | undefined {
    return this.#carrier?.taken(cid);
  }

  /** Forgets lines of the backlog that are too old. */
  expire(): void {
    this.#filing.file();
    this.#backlog.expire(this.#now());
    this.#keeper?.sweep();
  }

  /** Has the carrier take what it was handed, and the backlog kept, if there are such. */
  async close(): Promise<void> {
    await this.#carrier?.close();
    await this.#keeper?.close();
  }

  #announce(attendance: Attendance, cid: number): void {
    if (!this.#carrier) return this.tell(attendance, cid);
    this.#carrier.announce(attendance, cid);
    this.#flush();
  }

  /** Appends what a peer sent, where no carrier brings lines into an order. */
  #append(peer: Peer, run: Uint8Array, lines: number, isFirstFleeting: boolean): void {
    this.#log.append(run);
    const { end } = this.#log;
    peer.cursor.skipTo(end, run.length);
    const source = { cid: peer.cid, peerClass: peer.peerClass, end, time: this.#now() };
    if (isFirstFleeting) this.#filing.noteButFirst(source, run, lines);
    else this.#filing.note(source, run.length, lines);
    this.#stats.deliveries += lines * (this.#peers.size - 1);
    this.#keeper?.note();
  }

  #flush(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    // The microtask lets all lines that arrived in this turn leave in one write.
    queueMicrotask(() => {
      this.#isFlushDue = false;
      for (const writer of this.#writers) writer.pump();
      if (this.#filing.isDue) this.#filing.file();
      this.gate.check();
    });
  }
}
