/**
 * Holding senders back while the log is full or receivers are behind.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import type { Carrier } from "./carrier.ts";
import {
  CONGESTED_BYTES,
  CONGESTED_BYTES_PER_PEER,
  CONGESTION_CHECK_MS,
  FULL_LOG_WAIT_MS,
  GUEST_FULL_LOG_WAIT_MS,
  MAX_LIGHT_TURN_MS,
  SLOW_READER_LAG_BYTES,
  TURN_BYTES,
  WRITE_OVERHEAD_BYTES,
} from "./limits.ts";
import type { BroadcastLog } from "./log/log.ts";
import type { Cursor } from "./log/cursor.ts";
import type { RoomTurns } from "./turns/room_turns.ts";
import type { PeerClass } from "./watch/events.ts";

/** What the gate looks at in a peer. */
export interface GatePeer {
  readonly peerClass: PeerClass;
  /** The peer's place in the log. */
  readonly cursor: Pick<Cursor, "lag" | "isParked" | "position">;
  /** Whether the peer is behind and reads nothing. */
  readonly isStalled: boolean;
  readonly pace: {
    /** Whether the peer sends so much that it can wait for others. */
    readonly isBusy: boolean;
    /** Bytes that the peer sent in the last second or less. */
    readonly recentBytes: number;
    /** Bytes of the peer's last read. */
    readonly readBytes: number;
  };
}

/** Measurements while the queued bytes grow from none to the limit. */
const MEASUREMENTS = 8;

/**
 * Decides whether a sender's bytes may enter the log now.
 *
 * Every sender waits while the log is full. A peer that stays in the log's oldest segment meanwhile
 * is cut: a guest after 0.1 s, a member after 1 s. A member does not wait for guests. As soon as a
 * member has something to send, the guests that keep the log full are cut.
 *
 * Guests also wait when all guests together have cost too much, and members when all members together
 * have sent too much ({@linkcode RoomTurns}).
 *
 * Busy senders also wait when much came in during this turn of the event loop, or when much is
 * queued. The lines of quiet senders are then read and written soon.
 */
export class Gate<P extends GatePeer> {
  readonly #log: BroadcastLog;
  readonly #peers: ReadonlySet<P>;
  readonly #maxLogBytes: number;
  readonly #cut: (peer: P) => void;
  readonly #turns: RoomTurns<P> | undefined;
  readonly #carrier: Pick<Carrier, "isFull" | "untilRoom"> | undefined;
  #isCongested = false;
  /** Bytes that came in during this turn, times the peers that they go to. */
  #turnBytes = 0;
  /** When the first bytes of this turn came, by the clock of `performance.now()`. */
  #turnBegan = -Infinity;
  /** Bytes that were appended since the last measurement, times the peers that they go to. */
  #unmeasuredBytes = 0;
  /** Since when, in ms, the log has been full with the same oldest segment, and its end. */
  #full: { readonly since: number; readonly oldestEnd: number } | undefined;
  /** Whoever brings the lines of other relays has no `sender`. */
  readonly #waiting: { sender: P | undefined; resolve: () => void }[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param log The shared log.
   * @param peers All peers that read the log.
   * @param options `maxLogBytes`: above this many bytes the log is full. `cut`: ends a peer that
   * keeps the log full, and takes it out of the log at once. `turns`: what all of a class may cost;
   * undefined for any amount. `carrier`: what takes the lines, if not the log itself.
   */
  constructor(
    log: BroadcastLog,
    peers: ReadonlySet<P>,
    options: {
      maxLogBytes: number;
      cut: (peer: P) => void;
      turns?: RoomTurns<P>;
      carrier?: Pick<Carrier, "isFull" | "untilRoom">;
    },
  ) {
    this.#log = log;
    this.#peers = peers;
    this.#maxLogBytes = options.maxLogBytes;
    this.#cut = options.cut;
    this.#turns = options.turns;
    this.#carrier = options.carrier;
  }

  /**
   * Tells whether a sender has to wait.
   *
   * @param sender The peer that has something for the log.
   */
  isClosedTo(sender: P): boolean {
    if (sender.peerClass === "member") this.#cutGuests();
    if (this.isFull || this.#carrier?.isFull) return true;
    if ((this.#isCongested || this.#isTurnOver()) && sender.pace.isBusy) return true;
    return this.#turns?.[sender.peerClass].isClosedTo(sender, performance.now()) ?? false;
  }

  /**
   * Counts bytes that were appended. The caller calls `check()` afterwards.
   *
   * @param sender Who sent them.
   * @param lines How many lines they are.
   * @param bytes How many bytes go to each of the peers.
   * @param now When they came, by the clock of `performance.now()`.
   */
  note(sender: P, lines: number, bytes: number, now: number): void {
    const turns = this.#turns?.[sender.peerClass];
    turns?.note(sender, { lines, bytes, receivers: this.#peers.size }, performance.now());
    // In a long turn there is a timer. Without a timer, a long time means that a new turn began.
    if (!this.#timer && now - this.#turnBegan > MAX_LIGHT_TURN_MS) {
      this.#turnBegan = now;
      this.#turnBytes = 0;
    }
    this.#turnBytes += (bytes + WRITE_OVERHEAD_BYTES) * this.#peers.size;
    this.#unmeasuredBytes += bytes * this.#peers.size;
  }

  /** Counts bytes that came from other relays. The caller calls `check()` afterwards. */
  noteOthers(bytes: number): void {
    this.#turnBytes += (bytes + WRITE_OVERHEAD_BYTES) * this.#peers.size;
    this.#unmeasuredBytes += bytes * this.#peers.size;
  }

  /** Waits until the log is not full. */
  async untilRoom(): Promise<void> {
    this.#cutGuests();
    while (this.isFull) await this.#waitInTurn(undefined);
  }

  /**
   * Waits for the next turn, or a moment longer. All senders that wait share one timer. The sender
   * that sent least goes first.
   *
   * @param sender The peer that waits.
   */
  wait(sender: P): Promise<void> {
    if (this.#carrier?.isFull) return this.#carrier.untilRoom();
    const turns = this.#turns?.[sender.peerClass];
    return turns?.isClosed(performance.now()) ? turns.wait(sender) : this.#waitInTurn(sender);
  }

  #waitInTurn(sender: P | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.push({ sender, resolve });
    this.#timer ??= setTimeout(() => this.#look(), this.#isTurnOver() ? 0 : CONGESTION_CHECK_MS);
    return promise;
  }

  /**
   * Ends the turn soon if much was appended in it. Measures what is queued if that may have become
   * too much. A measurement looks at every peer, so it is not made for each line.
   */
  check(): void {
    this.#turns?.guest.noteWrite();
    const limit = limitFor(this.#peers.size);
    if (this.#isCongested || this.#unmeasuredBytes > limit / MEASUREMENTS) this.measure();
    // A timer and not setImmediate(): only a wait lets the runtime ask the system which other
    // sockets have something to read. Without it, quiet peers would wait for long.
    if (this.#turnBytes > TURN_BYTES / 4) this.#timer ??= setTimeout(() => this.#look(), 0);
  }

  /** Adds up what is queued. A peer that does not read is not counted: it could slow all others. */
  measure(): void {
    this.#unmeasuredBytes = 0;
    let bytes = 0;
    let peers = 0;
    for (const { cursor, isStalled } of this.#peers) {
      if (isStalled) continue;
      bytes += Math.min(cursor.lag, SLOW_READER_LAG_BYTES);
      peers++;
    }
    this.#isCongested = bytes > limitFor(peers);
  }

  #look(): void {
    this.#timer = undefined;
    this.#turnBytes = 0;
    this.#cutSlowest();
    this.measure();
    // What each sender sent is looked up once, and not for each comparison.
    const waiting = this.#waiting
      .map(({ sender, resolve }) => ({ recentBytes: sender?.pace.recentBytes ?? 0, resolve }))
      .sort((a, b) => a.recentBytes - b.recentBytes);
    this.#waiting.length = 0;
    for (const { resolve } of waiting) resolve();
  }

  #isTurnOver(): boolean {
    return this.#turnBytes > TURN_BYTES;
  }

  /** Whether the log is full. */
  get isFull(): boolean {
    return this.#log.heldBytes > this.#maxLogBytes;
  }

  #cutSlowest(): void {
    const { oldestEnd } = this.#log;
    if (!this.isFull) this.#full = undefined;
    else if (this.#full?.oldestEnd !== oldestEnd) {
      this.#full = { since: performance.now(), oldestEnd };
    }
    if (!this.#full) return;
    const waited = performance.now() - this.#full.since;
    for (const peer of this.#holders()) {
      // Little time for a guest, or any stranger could make the room pause by not reading.
      const patience = peer.peerClass === "guest" ? GUEST_FULL_LOG_WAIT_MS : FULL_LOG_WAIT_MS;
      if (waited >= patience) this.#cut(peer);
    }
  }

  /** Cuts guests until the log is not full, or is kept full by members alone. */
  #cutGuests(): void {
    while (this.isFull) {
      const guests = this.#holders().filter(({ peerClass }) => peerClass === "guest");
      if (guests.length === 0) return;
      for (const guest of guests) this.#cut(guest);
    }
  }

  /** The peers that keep the oldest segment in memory. */
  #holders(): P[] {
    const end = this.#log.oldestEnd;
    const isHolder = ({ cursor }: P) => !cursor.isParked && cursor.position < end;
    return [...this.#peers].filter(isHolder);
  }
}

/** Bytes that may be queued for this number of peers, all together. */
function limitFor(peers: number): number {
  return Math.min(CONGESTED_BYTES, peers * CONGESTED_BYTES_PER_PEER);
}
