/**
 * One connection of the relay: reads lines, writes the log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { LineTooLongError } from "../../errors.ts";
import type { RoomMode } from "../../protocol/control.ts";
import { MAX_NOISE_LINES, type Rate } from "../limits.ts";
import type { Cursor } from "../log/cursor.ts";
import type { CloseReason, PeerClass, RelayStats } from "../watch/events.ts";
import type { Deadline, Handshake } from "./handshake.ts";
import { Intake, type IntakeHandler } from "./intake.ts";
import { formatRemote, networkOf } from "./network.ts";
import { Pace } from "./pace.ts";
import { Writer } from "./writer.ts";

/**
 * A connected peer: a guest, who may prove the key and become a member.
 *
 * A peer with a deadline from the beginning waits outside the room: nothing of the log is written
 * to it, and no token is taken from it.
 */
export class Peer implements IntakeHandler {
  readonly cid: number;
  /** All that is written to it. */
  readonly writer: Writer;
  /** How fast it sends. */
  readonly pace: Pace;
  // What it is to the room.
  peerClass: PeerClass = "guest";
  /** Whether it counts for `maxClients`. */
  hasPlace = false;
  /** Whether the connection is being ended. */
  isExpelled = false;
  /** Whether the relay reads from it now. Otherwise it waits for the relay. */
  isReading = false;
  // How it proves the key.
  /** When it has to go unless it proves the key before. */
  deadline: Deadline | undefined;
  /** From its `!HELLO` on. */
  handshake: Handshake | undefined;
  /** Settles when its proof was judged; nothing is read from it until then. */
  proof: Promise<void> | undefined;
  // What is counted of it.
  /** Tokens taken from it, and their bytes. */
  linesIn = 0;
  bytesIn = 0;
  /** Bytes written to it until the last sweep. */
  bytesSwept = 0;
  /** Whether it is behind and was written nothing since the last sweep. */
  isStalled = false;

  readonly #ended = Promise.withResolvers<CloseReason>();
  /** Settles when the relay ends the connection, with the reason. */
  readonly expelled: Promise<CloseReason> = this.#ended.promise;
  readonly #conn: Deno.Conn;
  readonly #relay: PeerRelay;
  readonly #now: () => number;
  readonly #intake: Intake = new Intake(this);
  #noiseLines = 0;
  /** Lines of any kind in the present read. */
  #linesRead = 0;

  /** @param parts What it is made of. */
  constructor({ cid, conn, cursor, rate, deadline, relay, now }: PeerParts) {
    this.cid = cid;
    this.deadline = deadline;
    this.writer = new Writer(conn, cursor);
    this.#conn = conn;
    this.#relay = relay;
    this.#now = now ?? (() => performance.now());
    this.pace = new Pace(rate, this.#now);
    if (deadline) cursor.park();
  }

  /** Its place in the log. */
  get cursor(): Cursor {
    return this.writer.cursor;
  }

  /** Bytes written to it. */
  get bytesOut(): number {
    return this.writer.bytesOut;
  }

  /** `ip:port` of the client. */
  get address(): string {
    return formatRemote(this.#conn.remoteAddr);
  }

  /** Whom it is held responsible for, as `networkOf()` names it. */
  get network(): string {
    return networkOf(this.#conn.remoteAddr);
  }

  /** Whether it has sent something in the last second, or waits for the relay to take it. */
  get isTalking(): boolean {
    return !this.isReading || this.pace.isTalking;
  }

  /** Reads lines until the input ends; returns why it ended, and never rejects. */
  async read(): Promise<CloseReason> {
    const { arrivals, room, stats } = this.#relay;
    try {
      while (!this.isExpelled) {
        this.isReading = true;
        const bytes = await this.#conn.read(this.#intake.space());
        this.isReading = false;
        if (bytes === null) return "end";
        const now = this.#now();
        this.pace.noteInput(bytes, now);
        await arrivals.settled();
        // Nothing may come between the last look at the gate and passing it.
        while (!this.isExpelled && room.gate.isClosedTo(this)) await room.gate.wait(this);
        // What it still sends would come after its end, and without a rate.
        if (this.isExpelled) break;
        this.#excuse(now);
        this.#linesRead = 0;
        this.#intake.take(bytes);
        // It leaves one microtask later: before this asks the system for more.
        await undefined;
        // If it did not begin with `!HELLO`, it may have what the others have.
        if (this.hasPlace && this.#linesRead > 0) this.writer.release();
        if (this.#noiseLines >= MAX_NOISE_LINES) return "bad line";
        this.pace.noteLine(this.#intake.unfinishedBytes > 0, this.#linesRead, now);
        if (this.proof) await this.#awaitProof(this.proof);
        const wait = this.pace.spend(this.#linesRead, bytes, now);
        if (wait > 0) stats.throttled++;
        if (wait > 0 && !this.isExpelled) await this.pace.throttle(wait);
      }
      return "reset";
    } catch (error) {
      if (!(error instanceof LineTooLongError)) return "reset";
      stats.rejected["too long"]++;
      return "too long";
    } finally {
      this.isExpelled = true;
    }
  }

  onTokens(run: Uint8Array, lines: number): void {
    this.#linesRead += lines;
    if (!this.hasPlace) return this.#intrude("token");
    this.linesIn += lines;
    this.bytesIn += run.length;
    this.#relay.room.publish(this, run, lines);
  }

  onControl(line: Uint8Array): void {
    this.#linesRead++;
    this.#relay.controlLines.take(this, line);
  }

  onNoise(): void {
    this.#linesRead++;
    this.#noiseLines++;
    this.#relay.stats.rejected.noise++;
    if (!this.hasPlace) this.#intrude("noise");
  }

  /**
   * Makes it a member.
   *
   * @param rate How much it may send from now on; undefined for no limit.
   */
  promote(rate: Rate | undefined): void {
    this.peerClass = "member";
    this.deadline = undefined;
    this.pace.limit(rate);
  }

  /**
   * Makes the relay end the connection.
   *
   * @param reason Why.
   */
  expel(reason: CloseReason): void {
    this.isExpelled = true;
    this.#ended.resolve(reason);
    this.pace.endThrottle();
  }

  /** Leaves the log and hands the connection over, to be closed by the caller. */
  release(): Deno.Conn {
    this.isExpelled = true;
    this.writer.close();
    return this.#conn;
  }

  /** Ends a peer that is not in the room and does not prove the key. */
  #intrude(kind: "token" | "noise"): void {
    // In an open room that is full a simple client learns at once that it cannot take part.
    if (this.#relay.mode === "open") this.expel("full");
    else if (kind === "token") this.expel("auth");
  }

  async #awaitProof(proof: Promise<void>): Promise<void> {
    const pausedAt = this.#now();
    await proof;
    this.proof = undefined;
    this.#excuse(pausedAt);
  }

  /**
   * Puts its deadlines off by the time that the relay did not read. A pause for sending too much puts
   * off none for the proof.
   */
  #excuse(since: number): void {
    const ms = this.#now() - since;
    this.pace.excuse(ms);
    if (this.deadline) this.deadline.at += ms;
    if (this.handshake) this.handshake.dueAt += ms;
  }
}

/** What a peer needs of the relay. */
export interface PeerRelay {
  readonly mode: RoomMode;
  /** Settles when those are in the room who connected before the bytes just read were sent. */
  readonly arrivals: { settled(): Promise<void> };
  readonly room: {
    /** Holds a peer's bytes back while others are behind. */
    readonly gate: { isClosedTo(peer: Peer): boolean; wait(peer: Peer): Promise<void> };
    /** Takes whole token lines for everyone but the peer. */
    publish(peer: Peer, run: Uint8Array, lines: number): void;
  };
  /** Takes a control line, without its ending. */
  readonly controlLines: { take(peer: Peer, line: Uint8Array): void };
  /** Counts lines that are not relayed, and peers that are over their rate. */
  readonly stats: Pick<RelayStats, "rejected" | "throttled">;
}

/** What a peer is made of. */
export interface PeerParts {
  /** Number of the connection. */
  readonly cid: number;
  /** Owned by the peer from now on. */
  readonly conn: Deno.Conn;
  /** Its place in the log, likewise. */
  readonly cursor: Cursor;
  /** How much it may send; undefined for no limit. */
  readonly rate: Rate | undefined;
  /** When it has to go unless it proves the key; undefined if it has a place in the room. */
  readonly deadline: Deadline | undefined;
  readonly relay: PeerRelay;
  /** A clock in ms that never runs back; `performance.now()` by default. */
  readonly now?: () => number;
}
