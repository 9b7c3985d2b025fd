/**
 * One connection of the relay: reads lines, writes the log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { LineTooLongError } from "../../errors.ts";
import { BUSY_BYTES_PER_SECOND, MAX_NOISE_LINES, type Rate } from "../limits.ts";
import type { Cursor } from "../log/cursor.ts";
import type { CloseReason, PeerClass } from "../watch/events.ts";
import type { Handshake } from "./handshake.ts";
import { Intake, type IntakeHandler } from "./intake.ts";
import { formatRemote, networkOf } from "./network.ts";
import { RateLimiter } from "./pace.ts";
import { Writer } from "./writer.ts";

/**
 * A connected peer: a guest, who may prove the key and become a member.
 *
 * One with a deadline from the beginning waits outside the room: it is written
 * nothing of the log, and nothing is taken from it.
 *
 * @example
 * ```ts ignore
 * const peer = new Peer({ cid, conn, cursor, rate, deadline: undefined, host: relay });
 * const reason = await Promise.race([peer.read(), peer.expelled]);
 * ```
 */
export class Peer implements IntakeHandler {
  readonly cid: number;
  /** All that is written to it. */
  readonly writer: Writer;
  peerClass: PeerClass = "guest";
  /** Whether it counts for `maxClients`. */
  hasPlace = false;
  /** Tokens taken from it, and their bytes. */
  linesIn = 0;
  bytesIn = 0;
  /** Bytes written to it until the last sweep. */
  bytesSwept = 0;
  /** Whether it is behind and has read nothing since the last sweep. */
  isStalled = false;
  /** Whether the relay waits for its bytes, and not the other way round. */
  isReading = false;
  /** Whether it is not read from because it is over its rate. */
  isThrottled = false;
  /** When its unfinished line began, by the clock of `performance.now()`. */
  lineBegunAt: number | undefined;
  /** When it last sent something, by that clock. */
  inputAt = -Infinity;
  /** When it has to go unless it proves the key before. */
  deadline: Deadline | undefined;
  /** From its `!HELLO` on. */
  handshake: Handshake | undefined;
  /** Settles when its proof was judged; nothing is read from it until then. */
  proof: Promise<void> | undefined;
  /** Whether the connection is being ended. */
  isExpelled = false;
  readonly #conn: Deno.Conn;
  readonly #host: PeerHost;
  readonly #intake: Intake = new Intake(this);
  readonly #expelled = Promise.withResolvers<CloseReason>();
  #rate: Rate | undefined;
  /** Allocated with the first bytes: most peers only listen. */
  #limiter: RateLimiter | undefined;
  #noiseLines = 0;
  /** Lines of any kind in the present read. */
  #linesRead = 0;
  /** When the second began in which `#busyBytes` were read, by the clock of `performance.now()`. */
  #busySince = 0;
  #busyBytes = 0;
  /** Ends the time in which it is not read from, if that goes on. */
  #endThrottle: () => void = () => {};

  /** @param parts What it is made of. */
  constructor({ cid, conn, cursor, rate, deadline, host }: PeerParts) {
    this.cid = cid;
    this.deadline = deadline;
    this.writer = new Writer(conn, cursor);
    this.#conn = conn;
    this.#rate = rate;
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

  /** Settles when the relay ends the connection, with the reason. */
  get expelled(): Promise<CloseReason> {
    return this.#expelled.promise;
  }

  /**
   * Bytes read from it in the last second or less: none if it had to wait for longer, so that
   * nobody waits for ever.
   */
  get recentBytes(): number {
    return performance.now() - this.#busySince > 1000 ? 0 : this.#busyBytes;
  }

  /** Whether it sends so much that it can wait for others. */
  get isBusy(): boolean {
    return this.recentBytes > BUSY_BYTES_PER_SECOND;
  }

  /** Whether it has sent something in the last second, or waits for the relay to take it. */
  get isTalking(): boolean {
    return !this.isReading || performance.now() - this.inputAt < 1000;
  }

  /**
   * Reads lines until the input ends.
   *
   * @returns Why it ended. It never rejects.
   */
  async read(): Promise<CloseReason> {
    try {
      while (!this.isExpelled) {
        this.isReading = true;
        const bytes = await this.#conn.read(this.#intake.space());
        this.isReading = false;
        if (bytes === null) return "end";
        const now = performance.now();
        this.#noteBytes(bytes, now);
        await this.#host.awaitArrivals();
        // Nothing may come between the last look at the gate and passing it.
        while (!this.isExpelled && this.#host.isClosedTo(this)) await this.#host.wait(this);
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
        if (this.#intake.unfinishedBytes === 0) this.lineBegunAt = undefined;
        else if (this.#linesRead > 0) this.lineBegunAt = now;
        else this.lineBegunAt ??= now;
        if (this.proof) await this.#awaitProof(this.proof);
        const wait = this.#spend(bytes, now);
        if (wait > 0) await this.#throttle(wait);
      }
      return "reset";
    } catch (error) {
      if (!(error instanceof LineTooLongError)) return "reset";
      this.#host.reject("too long");
      return "too long";
    } finally {
      this.isExpelled = true;
    }
  }

  onTokens(run: Uint8Array, lines: number): void {
    this.#linesRead += lines;
    if (!this.hasPlace) return this.#host.intrude(this, "token");
    this.linesIn += lines;
    this.bytesIn += run.length;
    this.#host.publish(this, run, lines);
  }

  onControl(line: Uint8Array): void {
    this.#linesRead++;
    this.#host.control(this, line);
  }

  onNoise(): void {
    this.#linesRead++;
    this.#noiseLines++;
    this.#host.reject("noise");
    if (!this.hasPlace) this.#host.intrude(this, "noise");
  }

  /**
   * Makes it a member.
   *
   * @param rate How much it may send from now on; undefined for no limit.
   */
  promote(rate: Rate | undefined): void {
    this.peerClass = "member";
    this.deadline = undefined;
    this.#rate = rate;
    this.#limiter = undefined;
  }

  /**
   * Makes the relay end the connection.
   *
   * @param reason Why.
   */
  expel(reason: CloseReason): void {
    this.isExpelled = true;
    this.#expelled.resolve(reason);
    this.#endThrottle();
  }

  /** Leaves the log and hands the connection over, to be closed by the caller. */
  release(): Deno.Conn {
    this.isExpelled = true;
    this.writer.close();
    return this.#conn;
  }

  #noteBytes(bytes: number, now: number): void {
    this.inputAt = now;
    if (now - this.#busySince > 1000) {
      this.#busySince = now;
      this.#busyBytes = 0;
    }
    this.#busyBytes += bytes;
  }

  /** How long not to read, in ms. */
  #spend(bytes: number, now: number): number {
    if (!this.#rate) return 0;
    this.#limiter ??= new RateLimiter(this.#rate, now);
    return this.#limiter.spend(this.#linesRead, bytes, now);
  }

  async #awaitProof(proof: Promise<void>): Promise<void> {
    const pausedAt = performance.now();
    await proof;
    this.proof = undefined;
    this.#excuse(pausedAt);
  }

  async #throttle(ms: number): Promise<void> {
    this.#host.throttle();
    if (this.isExpelled) return;
    this.isThrottled = true;
    const pausedAt = performance.now();
    const { promise: over, resolve } = Promise.withResolvers<void>();
    // Not a race with `expelled`: that one would remember each throttling as long as it is open.
    this.#endThrottle = resolve;
    const timer = setTimeout(resolve, ms);
    await over;
    clearTimeout(timer);
    this.isThrottled = false;
    this.#excuseSilence(performance.now() - pausedAt);
  }

  /** Puts deadlines off by the time that the relay did not read. */
  #excuse(since: number): void {
    const ms = performance.now() - since;
    this.#excuseSilence(ms);
    if (this.deadline) this.deadline.at += ms;
    if (this.handshake) this.handshake.dueAt += ms;
  }

  /** Likewise, but for the proof's: nobody gets more time for that by sending too much. */
  #excuseSilence(ms: number): void {
    this.inputAt += ms;
    if (this.lineBegunAt !== undefined) this.lineBegunAt += ms;
  }
}

/** Takes what a peer sends, and tells whether it may send. */
export interface PeerHost {
  /** Waits until those are in the room who connected before the bytes just read were sent. */
  awaitArrivals(): Promise<void>;
  /** Whether the peer's bytes have to wait, because others are behind. */
  isClosedTo(peer: Peer): boolean;
  /** Waits a moment. */
  wait(peer: Peer): Promise<void>;
  /** Takes whole token lines for everyone but the peer. */
  publish(peer: Peer, run: Uint8Array, lines: number): void;
  /** Takes a control line, without its ending. */
  control(peer: Peer, line: Uint8Array): void;
  /** Takes a token or noise from somebody who is not in the room. */
  intrude(peer: Peer, kind: "token" | "noise"): void;
  /** Counts a line that is not relayed. */
  reject(reason: "noise" | "too long"): void;
  /** Counts a peer that is over its rate. */
  throttle(): void;
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
  readonly host: PeerHost;
}

/** By when a peer must have proved the key. */
export interface Deadline {
  /** By the clock of `performance.now()`. */
  at: number;
  readonly reason: CloseReason;
}
