/**
 * The room: those who read the log, and what each of them is told.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { concat } from "../bytes/concat.ts";
import { formatControl, type RelayControl } from "../protocol/control.ts";
import { MAX_LINE_BYTES } from "../protocol/limits.ts";
import { Gate } from "./gate.ts";
import { MAX_LOG_BYTES, MAX_UNFILED_BYTES, MEMBER_RATE } from "./limits.ts";
import { Backlog } from "./log/backlog.ts";
import { Cursor } from "./log/cursor.ts";
import { BroadcastLog } from "./log/log.ts";
import type { Handshake } from "./peer/handshake.ts";
import type { Peer } from "./peer/peer.ts";
import type { Writer } from "./peer/writer.ts";
import type { PeerClass, RelayStats } from "./watch/events.ts";

/** The byte that ends a line. */
const LF = 0x0a;

/** Settings of a {@linkcode Room}. */
export interface RoomOptions {
  /** Lines of the past that are kept for members. */
  readonly backlogLines: number;
  /** Bytes that the log holds; 64 MiB by default. */
  readonly maxLogBytes?: number;
  /** Whether rates hold. */
  readonly rateLimit: boolean;
  /** Counted in here. */
  readonly stats: RelayStats;
}

/** Lines of one peer, as they stand in the log. */
interface Run {
  readonly cid: number;
  readonly peerClass: PeerClass;
  /** The position after them. */
  readonly end: number;
  readonly bytes: number;
  /** Lines in it that are kept for those who come later: all, or none. */
  readonly lines: number;
  /** When they came, in ms. */
  readonly time: number;
}

/**
 * Passes lines on, and tells members who comes and goes.
 */
export class Room {
  readonly gate: Gate<Peer>;
  readonly #log = new BroadcastLog();
  readonly #peers = new Set<Peer>();
  /** Theirs: one look-up less for each line and receiver. */
  readonly #writers: Writer[] = [];
  readonly #backlog: Backlog;
  /** The backlog's place in the log, as far as it has been filled. */
  readonly #filed: Cursor;
  /** What was published since. */
  readonly #unfiled: Run[] = [];
  readonly #rateLimit: boolean;
  readonly #stats: RelayStats;
  /** Bytes written to peers that are no longer here. */
  #bytesOutOfLeft = 0;
  #isFlushDue = false;

  /** @param options Its bounds, and where it counts. */
  constructor({ backlogLines, maxLogBytes, rateLimit, stats }: RoomOptions) {
    this.#backlog = new Backlog(backlogLines);
    this.#filed = new Cursor(this.#log);
    this.#rateLimit = rateLimit;
    this.#stats = stats;
    this.gate = new Gate(this.#log, this.#peers, {
      maxLogBytes: maxLogBytes ?? MAX_LOG_BYTES,
      cut(peer) {
        peer.expel("too slow");
        peer.cursor.close();
      },
    });
  }

  /** Everyone in it, the newest last. */
  get peers(): ReadonlySet<Peer> {
    return this.#peers;
  }

  /** Bytes in the log. */
  get logBytes(): number {
    return this.#log.heldBytes;
  }

  /** Bytes written to all who are here, or were. */
  get bytesOut(): number {
    let bytesOut = this.#bytesOutOfLeft;
    for (const peer of this.#peers) bytesOut += peer.bytesOut;
    return bytesOut;
  }

  /** Opens a place in the log, at its end. */
  openCursor(): Cursor {
    return new Cursor(this.#log);
  }

  /**
   * Takes a peer in, as a guest.
   *
   * @param peer From now on it can be written what is appended.
   */
  enter(peer: Peer): void {
    this.#add(peer);
    this.#stats.clients[peer.peerClass]++;
  }

  /**
   * Makes a peer a member: tells it, gives it the past, and lets it go on with what comes next.
   *
   * Nothing comes between the look at the past and the place in the log, so no line is missing
   * and none comes twice.
   *
   * @param peer A guest of the room, or one who was not in it.
   * @param handshake What it asked for.
   */
  welcome(peer: Peer, { backlog, seen }: Handshake): void {
    if (this.#peers.has(peer)) this.#stats.clients[peer.peerClass]--;
    else this.#add(peer);
    peer.promote(this.#rateLimit ? MEMBER_RATE : undefined);
    this.#stats.clients[peer.peerClass]++;
    const { writer, cid } = peer;
    this.#file();
    const now = Date.now();
    const { lines, parts } = this.#backlog.recall({ cid, seen, lines: backlog, now });
    writer.rejoin();
    writer.say(formatControl({
      verb: "WELCOME",
      cid,
      time: Math.floor(now / 1000),
      maxBytes: MAX_LINE_BYTES,
      peers: this.#peers.size,
    }));
    writer.say(formatControl({ verb: "BACKLOG", count: lines }));
    for (const part of parts) writer.recall(part);
    writer.say(formatControl({ verb: "LIVE" }));
    this.#tellMembers({ verb: "JOINED", cid }, peer);
  }

  /**
   * Lets a peer go, and tells the members if it was one of them.
   *
   * @param peer No line of it is published any more.
   */
  leave(peer: Peer): void {
    if (!this.#peers.delete(peer)) return;
    this.#writers.splice(this.#writers.indexOf(peer.writer), 1);
    this.#stats.clients[peer.peerClass]--;
    this.#bytesOutOfLeft += peer.bytesOut;
    if (peer.peerClass === "member") this.#tellMembers({ verb: "GONE", cid: peer.cid }, peer);
  }

  /**
   * Passes lines on to everyone but their sender.
   *
   * @param peer Who sent them.
   * @param run Whole lines, each with its LF; copied.
   * @param lines How many.
   */
  publish(peer: Peer, run: Uint8Array, lines: number): void {
    this.#log.append(run);
    const { end } = this.#log;
    peer.cursor.skipTo(end, run.length);
    const { cid, peerClass } = peer;
    const source = { cid, peerClass, time: Date.now() };
    const fleetingBytes = peer.isNextFleeting ? run.indexOf(LF) + 1 : 0;
    peer.isNextFleeting = false;
    const keptBytes = run.length - fleetingBytes;
    if (fleetingBytes > 0) {
      this.#unfiled.push({ ...source, end: end - keptBytes, bytes: fleetingBytes, lines: 0 });
    }
    const keptLines = fleetingBytes > 0 ? lines - 1 : lines;
    if (keptLines > 0) this.#unfiled.push({ ...source, end, bytes: keptBytes, lines: keptLines });
    this.gate.note(run.length, peer.pace.inputAt);
    this.#stats.linesIn += lines;
    this.#stats.bytesIn += run.length;
    this.#stats.deliveries += lines * (this.#peers.size - 1);
    this.#flush();
  }

  /** Forgets what is too old. */
  expire(): void {
    this.#file();
    this.#backlog.expire(Date.now());
  }

  #add(peer: Peer): void {
    this.#peers.add(peer);
    this.#writers.push(peer.writer);
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
    // One microtask later: all that arrived in this turn leaves in one write.
    queueMicrotask(() => {
      this.#isFlushDue = false;
      for (const writer of this.#writers) writer.pump();
      if (this.#filed.lag > MAX_UNFILED_BYTES) this.#file();
      this.gate.check();
    });
  }

  /** Fills the backlog with many lines at once: nobody who is in the room has to wait for that. */
  #file(): void {
    for (const { bytes, lines, ...source } of this.#unfiled) {
      const run = takeFrom(this.#filed, bytes);
      if (lines > 0) this.#backlog.append(run, lines, source);
    }
    this.#unfiled.length = 0;
  }
}

/** The next bytes that a cursor reads; valid until something is appended. */
function takeFrom(cursor: Cursor, bytes: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (let left = bytes; left > 0;) {
    const part = cursor.peek()!.subarray(0, left);
    cursor.advance(part.length);
    parts.push(part);
    left -= part.length;
  }
  return parts.length === 1 ? parts[0]! : concat(...parts);
}
