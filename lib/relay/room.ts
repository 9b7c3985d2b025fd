/**
 * The room: the peers that read the log, and what each of them is told.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { formatControl, type RelayControl } from "../protocol/control.ts";
import { MAX_LINE_BYTES } from "../protocol/limits.ts";
import { Gate } from "./gate.ts";
import { GuestTurns } from "./guest_turns.ts";
import { MAX_LOG_BYTES, MAX_UNFILED_BYTES, MEMBER_RATE } from "./limits.ts";
import { Backlog } from "./log/backlog.ts";
import { Cursor, takeFrom } from "./log/cursor.ts";
import { type BacklogStore, Keeper } from "./log/keeper.ts";
import { BroadcastLog } from "./log/log.ts";
import { Allowance } from "./peer/allowance.ts";
import type { Handshake } from "./peer/handshake.ts";
import type { Peer } from "./peer/peer.ts";
import type { Writer } from "./peer/writer.ts";
import type { PeerClass, RelayEvent, RelayStats } from "./watch/events.ts";

/** The byte that ends a line. */
const LF = 0x0a;

/** Settings of a {@linkcode Room}. */
export interface RoomOptions {
  /** Lines of the backlog. */
  readonly backlogLines: number;
  /** Bytes above which the log is full; 64 MiB by default. */
  readonly maxLogBytes?: number;
  /** Whether rates hold. */
  readonly rateLimit: boolean;
  /** The numbers that the room counts in. */
  readonly stats: RelayStats;
  /** Keeps the backlog over a restart; undefined for no such store. */
  readonly store?: BacklogStore;
  /** Is told who becomes a client, and of trouble with the store. */
  readonly report?: (event: RelayEvent) => void;
  /** A clock that never runs back, in ms; `performance.now()` by default. */
  readonly now?: () => number;
}

/** Lines of one peer, next to each other in the log. */
interface Run {
  readonly cid: number;
  readonly peerClass: PeerClass;
  /** The position after the last line. */
  readonly end: number;
  readonly bytes: number;
  /** Lines in it that are kept for those who come later: all, or none. */
  readonly lines: number;
  /** When the lines came, by the room's clock. */
  readonly time: number;
}

/** Passes lines on, and tells members which connections of members come and go. */
export class Room {
  readonly gate: Gate<Peer>;
  readonly #log = new BroadcastLog();
  readonly #peers = new Set<Peer>();
  /** The writers of all peers. This list saves a look-up for each line and receiver. */
  readonly #writers: Writer[] = [];
  readonly #backlog: Backlog;
  readonly #keeper: Keeper | undefined;
  /** Stands in the log after the last line that the backlog has. */
  readonly #filed: Cursor;
  /** The lines that the backlog does not have yet. */
  readonly #unfiled: Run[] = [];
  readonly #rateLimit: boolean;
  readonly #stats: RelayStats;
  readonly #report: (event: RelayEvent) => void;
  /** Ages are not told by the wall clock: once set ahead, it would empty the backlog for good. */
  readonly #now: () => number;
  /** Bytes written to peers that have left. */
  #bytesOutOfLeft = 0;
  #isFlushDue = false;

  constructor(options: RoomOptions) {
    const { backlogLines, maxLogBytes, rateLimit, stats, store, report = () => {} } = options;
    const now = this.#now = options.now ?? (() => performance.now());
    const backlog = this.#backlog = new Backlog(backlogLines);
    const file = () => this.#file();
    const parts = { backlog, file, now, wall: Date.now, stats, report };
    this.#keeper = store && new Keeper({ ...parts, store });
    this.#filed = new Cursor(this.#log);
    this.#rateLimit = rateLimit;
    this.#stats = stats;
    this.#report = report;
    this.gate = new Gate(this.#log, this.#peers, {
      maxLogBytes: maxLogBytes ?? MAX_LOG_BYTES,
      guests: rateLimit ? new GuestTurns(this.#now()) : undefined,
      cut(peer) {
        peer.expel("too slow");
        peer.cursor.close();
      },
    });
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
    this.#file();
    const reader = { cid, seen, lines: backlog, now: this.#now() };
    const { lines, parts } = this.#backlog.recall(reader);
    writer.rejoin();
    writer.say(formatControl({
      verb: "WELCOME",
      cid,
      time: Math.floor(Date.now() / 1000),
      maxBytes: MAX_LINE_BYTES,
      peers: this.#stats.clients.guest + this.#stats.clients.member,
    }));
    writer.say(formatControl({ verb: "BACKLOG", count: lines }));
    for (const part of parts) writer.recall(part);
    writer.say(formatControl({ verb: "LIVE" }));
    this.#tellMembers({ verb: "JOINED", cid }, peer);
  }

  /** Takes a peer out. If the peer was a member, the other members are told. */
  leave(peer: Peer): void {
    if (!this.#peers.delete(peer)) return;
    this.#writers.splice(this.#writers.indexOf(peer.writer), 1);
    if (peer.isCounted) this.#stats.clients[peer.peerClass]--;
    this.#bytesOutOfLeft += peer.bytesOut;
    if (peer.peerClass === "member") this.#tellMembers({ verb: "GONE", cid: peer.cid }, peer);
  }

  /**
   * Passes lines on to all peers but their sender.
   *
   * @param peer The sender.
   * @param run Whole lines, each with its LF. They are copied.
   * @param lines How many lines are in `run`.
   */
  publish(peer: Peer, run: Uint8Array, lines: number): void {
    this.#log.append(run);
    const { end } = this.#log;
    peer.cursor.skipTo(end, run.length);
    const { cid, peerClass } = peer;
    const source = { cid, peerClass, time: this.#now() };
    const fleetingBytes = peer.isNextFleeting ? run.indexOf(LF) + 1 : 0;
    peer.isNextFleeting = false;
    const keptBytes = run.length - fleetingBytes;
    if (fleetingBytes > 0) {
      this.#unfiled.push({ ...source, end: end - keptBytes, bytes: fleetingBytes, lines: 0 });
    }
    const keptLines = fleetingBytes > 0 ? lines - 1 : lines;
    if (keptLines > 0) this.#unfiled.push({ ...source, end, bytes: keptBytes, lines: keptLines });
    this.gate.note(peer, run.length, peer.pace.inputAt);
    this.#stats.linesIn += lines;
    this.#stats.bytesIn += run.length;
    this.#stats.deliveries += lines * (this.#peers.size - 1);
    this.#keeper?.note();
    this.#flush();
  }

  /** Forgets lines of the backlog that are too old. */
  expire(): void {
    this.#file();
    this.#backlog.expire(this.#now());
    this.#keeper?.sweep();
  }

  /** Has the backlog kept, if there is a store for it. */
  async close(): Promise<void> {
    await this.#keeper?.close();
  }

  #tellMembers(control: RelayControl, subject: Peer): void {
    const line = formatControl(control);
    for (const peer of this.#peers) {
      if (peer.peerClass === "member" && peer !== subject) peer.writer.notify(line);
    }
    this.#flush();
  }

  #flush(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    // The microtask lets all lines that arrived in this turn leave in one write.
    queueMicrotask(() => {
      this.#isFlushDue = false;
      for (const writer of this.#writers) writer.pump();
      if (this.#filed.lag > MAX_UNFILED_BYTES) this.#file();
      this.gate.check();
    });
  }

  /** Copies many lines into the backlog at once, after they were written to the peers. */
  #file(): void {
    for (const { bytes, lines, ...source } of this.#unfiled) {
      const run = takeFrom(this.#filed, bytes);
      if (lines > 0) this.#backlog.append(run, lines, source);
    }
    this.#unfiled.length = 0;
  }
}
