/**
 * One connection of the relay: reads lines, writes the log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { LineTooLongError } from "../../errors.ts";
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
  peerClass: PeerClass = "guest";
  /** Whether it counts for `maxClients`. */
  hasPlace = false;

  /** When it has to go unless it proves the key before. */
  deadline: Deadline | undefined;
  /** From its `!HELLO` on. */
  handshake: Handshake | undefined;
  /** Settles when its proof was judged; nothing is read from it until then. */
  proof: Promise<void> | undefined;

  /** Tokens taken from it, and their bytes. */
  linesIn = 0;
  bytesIn = 0;
  /** Whether its next token is not kept for those who come later. */
  isNextFleeting = false;
  /** Whether the relay waits for its bytes. */
  isReading = false;
  /** How fast it sends. */
  readonly pace: Pace;
  readonly #intake: Intake = new Intake(this);
  #noiseLines = 0;
  /** Lines of any kind in the present read. */
  #linesRead = 0;

  /** All that is written to it. */
  readonly writer: Writer;
  /** Bytes written to it until the last sweep. */
  bytesSwept = 0;
  /** Whether it is behind and has read nothing since the last sweep. */
  isStalled = false;

  /** Whether the connection is being ended. */
  isExpelled = false;
  readonly #ended = Promise.withResolvers<CloseReason>();
  /** Settles when the relay ends the connection, with the reason. */
  readonly expelled: Promise<CloseReason> = this.#ended.promise;
  readonly #conn: PeerConn;
  readonly #host: PeerHost;
  readonly #now: () => number;

  /** @param parts What it is made of. */
  constructor({ cid, conn, cursor, rate, deadline, host, now }: PeerParts) {
    this.cid = cid;
    this.deadline = deadline;
    this.writer = new Writer(conn, cursor);
    this.#conn = conn;
    this.#now = now ?? (() => performance.now());
    this.pace = new Pace(rate, this.#now);
    this.#host = host;
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
    return !this.isReading || this.#now() - this.pace.inputAt < 1000;
  }

  /** Reads lines until the input ends; returns why it ended, and never rejects. */
  async read(): Promise<CloseReason> {
    const { arrivals, room: { gate }, stats } = this.#host;
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
        while (!this.isExpelled && gate.isClosedTo(this)) await gate.wait(this);
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
        this.pace.noteLine(this.#intake.unfinishedBytes > 0, this.#linesRead > 0, now);
        if (this.proof) await this.#awaitProof(this.proof);
        const wait = this.pace.spend(this.#linesRead, bytes, now);
        if (wait > 0) stats.throttled++;
        // The deadline is not put off: a peer does not get more time by sending too much.
        if (wait > 0 && !this.isExpelled) await this.pace.pause(wait);
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
    if (!this.hasPlace) return this.#host.controlLines.refuse(this, "token");
    this.linesIn += lines;
    this.bytesIn += run.length;
    this.#host.room.publish(this, run, lines);
  }

  onControl(line: Uint8Array): void {
    this.#linesRead++;
    this.#host.controlLines.take(this, line);
  }

  onNoise(): void {
    this.#linesRead++;
    this.#noiseLines++;
    this.#host.stats.rejected.noise++;
    if (!this.hasPlace) this.#host.controlLines.refuse(this, "noise");
  }

  /**
   * Makes it a member.
   *
   * @param rate How much it may send from now on; undefined for no limit.
   */
  promote(rate: Rate | undefined): void {
    this.peerClass = "member";
    this.deadline = undefined;
    this.pace.setRate(rate);
  }

  /**
   * Makes the relay end the connection.
   *
   * @param reason Why.
   */
  expel(reason: CloseReason): void {
    this.isExpelled = true;
    this.#ended.resolve(reason);
    this.pace.endPause();
  }

  /** Leaves the log and hands the connection over, to be closed by the caller. */
  release(): PeerConn {
    this.isExpelled = true;
    this.writer.close();
    return this.#conn;
  }

  async #awaitProof(proof: Promise<void>): Promise<void> {
    const pausedAt = this.#now();
    await proof;
    this.proof = undefined;
    this.#excuse(pausedAt);
  }

  /** Puts deadlines off by the time that the relay did not read. */
  #excuse(since: number): void {
    const ms = this.#now() - since;
    this.pace.excuse(ms);
    if (this.deadline) this.deadline.at += ms;
    if (this.handshake) this.handshake.dueAt += ms;
  }
}

/** What a peer uses of its connection. */
export type PeerConn = Pick<Deno.Conn, "read" | "write" | "closeWrite" | "close" | "remoteAddr">;

/** What all peers of a relay share. */
export interface PeerHost {
  /** Waits for those who connected before the bytes just read were sent. */
  readonly arrivals: { settled(): Promise<void> };
  readonly room: {
    /** Tells whether the peer's bytes have to wait, and waits a moment. */
    readonly gate: { isClosedTo(peer: Peer): boolean; wait(peer: Peer): Promise<void> };
    /** Takes whole token lines for everyone but the peer. */
    publish(peer: Peer, run: Uint8Array, lines: number): void;
  };
  readonly controlLines: {
    /** Takes a control line, without its ending. */
    take(peer: Peer, line: Uint8Array): void;
    /** Told of a token or noise from a peer that is not in the room. */
    refuse(peer: Peer, kind: "token" | "noise"): void;
  };
  /** Counted in here. */
  readonly stats: Pick<RelayStats, "rejected" | "throttled">;
}

/** What a peer is made of. */
export interface PeerParts {
  /** Number of the connection. */
  readonly cid: number;
  /** Owned by the peer from now on. */
  readonly conn: PeerConn;
  /** Its place in the log; owned by the peer, too. */
  readonly cursor: Cursor;
  /** How much it may send; undefined for no limit. */
  readonly rate: Rate | undefined;
  /** When it has to go unless it proves the key; undefined if it has a place in the room. */
  readonly deadline: Deadline | undefined;
  readonly host: PeerHost;
  /** The clock, in ms, which never runs back; another one in tests. */
  readonly now?: () => number;
}
