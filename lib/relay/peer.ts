/**
 * One connection of the relay: reads lines, writes the log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { LineTooLongError } from "../errors.ts";
import { BUSY_BYTES_PER_SECOND, MAX_NOISE_LINES } from "../limits.ts";
import type { Cursor } from "./cursor.ts";
import type { CloseReason, PeerClass } from "./events.ts";
import { Intake, type IntakeHandler } from "./intake.ts";
import type { RateLimiter } from "./rate.ts";

const LF = 0x0a;

/** What a peer needs of its relay. */
export interface PeerHost {
  /** Whether the peer's bytes have to wait, because others are behind. */
  isClosedTo(peer: Peer): boolean;
  /** Waits a moment. */
  wait(peer: Peer): Promise<void>;
  /** Takes whole token lines for everyone but the peer. */
  publish(peer: Peer, run: Uint8Array, lines: number): void;
  /** Counts a line that is not relayed. */
  reject(reason: "noise" | "too long"): void;
  /** Counts a peer that is over its rate. */
  throttle(): void;
}

/** What a {@linkcode Peer} is made of. */
export interface PeerParts {
  /** Number of the connection. */
  readonly cid: number;
  /** Owned by the peer from now on. */
  readonly conn: Deno.Conn;
  /** Its place in the log, likewise. */
  readonly cursor: Cursor;
  /** How much it may send; undefined for no limit. */
  readonly rate: RateLimiter | undefined;
  readonly host: PeerHost;
}

/**
 * A connected peer. Nothing waits for its writes: a slow one only falls behind
 * in the log.
 *
 * @example
 * ```ts ignore
 * const peer = new Peer({ cid: 1, conn, cursor: log.openCursor(), rate, host: relay });
 * const reason = await Promise.race([peer.read(), peer.expelled]);
 * ```
 */
export class Peer implements IntakeHandler {
  readonly cid: number;
  /** Its place in the log. */
  readonly cursor: Cursor;
  readonly peerClass: PeerClass = "guest";
  /** Tokens taken from it, and their bytes; bytes written to it. */
  linesIn = 0;
  bytesIn = 0;
  bytesOut = 0;
  /** Bytes read from it in the last second or less. */
  recentBytes = 0;
  /** Whether it is far behind and has read nothing since the last sweep. */
  isStalled = false;
  /** When its unfinished line began, by the clock of `performance.now()`. */
  lineBegunAt: number | undefined;
  readonly #conn: Deno.Conn;
  readonly #host: PeerHost;
  readonly #rate: RateLimiter | undefined;
  readonly #intake: Intake = new Intake(this);
  readonly #expelled = Promise.withResolvers<CloseReason>();
  #noiseLines = 0;
  /** Lines of any kind in the present read. */
  #linesRead = 0;
  #busySince = 0;
  #readAt = -Infinity;
  /** Settles when there is nothing left to write for now; never rejects. */
  #writing: Promise<void> | undefined;
  #lastWritten = LF;
  /** Ends the time in which it is not read from, if that goes on. */
  #endThrottle: () => void = () => {};
  #isExpelled = false;
  /** Writing failed: the other side is gone, but what it sent before may still come. */
  #isDeaf = false;
  #isClosed = false;

  /** @param parts What it is made of. */
  constructor({ cid, conn, cursor, rate, host }: PeerParts) {
    this.cid = cid;
    this.cursor = cursor;
    this.#conn = conn;
    this.#rate = rate;
    this.#host = host;
  }

  /** Settles when the relay ends the connection, with the reason. */
  get expelled(): Promise<CloseReason> {
    return this.#expelled.promise;
  }

  /** Whether it sends so much that it can wait for others. */
  get isBusy(): boolean {
    return this.recentBytes > BUSY_BYTES_PER_SECOND;
  }

  /** Whether it has sent something in the last second. */
  get isTalking(): boolean {
    return performance.now() - this.#readAt < 1000;
  }

  /** Whether all that was written so far ends in a line's end, and nothing is under way. */
  get isAtLineEnd(): boolean {
    return this.#writing === undefined && this.#lastWritten === LF && !this.#isDeaf;
  }

  /**
   * Reads lines until the input ends.
   *
   * @returns Why it ended. It never rejects.
   */
  async read(): Promise<CloseReason> {
    try {
      for (;;) {
        const bytes = await this.#conn.read(this.#intake.space());
        if (bytes === null) return "end";
        const now = performance.now();
        this.#noteBytes(bytes, now);
        // Nothing may come between the last look at the gate and passing it.
        while (!this.#isClosed && this.#host.isClosedTo(this)) await this.#host.wait(this);
        if (this.#isClosed) return "reset";
        this.#excuse(now);
        this.#linesRead = 0;
        this.#intake.take(bytes);
        if (this.#noiseLines >= MAX_NOISE_LINES) return "bad line";
        if (this.#intake.unfinishedBytes === 0) this.lineBegunAt = undefined;
        else if (this.#linesRead > 0) this.lineBegunAt = now;
        else this.lineBegunAt ??= now;
        const wait = this.#rate?.spend(this.#linesRead, bytes, now) ?? 0;
        if (wait > 0) {
          await this.#throttle(wait);
          this.#excuse(now);
        }
      }
    } catch (error) {
      if (!(error instanceof LineTooLongError)) return "reset";
      this.#host.reject("too long");
      return "too long";
    }
  }

  onTokens(run: Uint8Array, lines: number): void {
    this.linesIn += lines;
    this.bytesIn += run.length;
    this.#linesRead += lines;
    this.#host.publish(this, run, lines);
  }

  onControl(): void {
    // No verb is known before the handshake, and unknown ones are ignored.
    this.#linesRead++;
  }

  onNoise(): void {
    this.#linesRead++;
    this.#noiseLines++;
    this.#host.reject("noise");
  }

  /** Starts to write what the log has, unless that is going on already. */
  pump(): void {
    if (this.#writing || this.#isDeaf || this.#isClosed) return;
    const bytes = this.cursor.peek();
    if (bytes) this.#writing = this.#write(bytes);
  }

  /**
   * Writes what is queued now, and nothing that comes later.
   *
   * @param maxMs Longest wait, in ms; the queue may then not be empty.
   */
  async drain(maxMs: number): Promise<void> {
    this.cursor.stop();
    this.pump();
    if (!this.#writing) return;
    const { promise: timeout, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, maxMs);
    await Promise.race([this.#writing, timeout]);
    clearTimeout(timer);
  }

  /**
   * Waits until no write is under way. Below Deno 2.9.5 a write that is stuck
   * outlives the closing of its connection, and keeps the socket open.
   */
  async settled(): Promise<void> {
    await this.#writing;
  }

  /**
   * Makes the relay end the connection.
   *
   * @param reason Why.
   */
  expel(reason: CloseReason): void {
    this.#isExpelled = true;
    this.#expelled.resolve(reason);
    this.#endThrottle();
  }

  /** Leaves the log and hands the connection over, to be closed by the caller. */
  release(): Deno.Conn {
    this.#isClosed = true;
    this.cursor.close();
    return this.#conn;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let next: Uint8Array | undefined = bytes; next; next = this.cursor.peek()) {
        const written = await this.#conn.write(next);
        if (this.#isClosed) return;
        this.#lastWritten = next[written - 1] ?? this.#lastWritten;
        this.bytesOut += written;
        this.cursor.advance(written);
      }
    } catch {
      // The reader goes on to the end: what was sent before the other side left counts.
      this.#isDeaf = true;
      this.cursor.close();
    } finally {
      this.#writing = undefined;
    }
  }

  #noteBytes(bytes: number, now: number): void {
    this.#readAt = now;
    if (now - this.#busySince > 1000) {
      this.#busySince = now;
      this.recentBytes = 0;
    }
    this.recentBytes += bytes;
  }

  async #throttle(ms: number): Promise<void> {
    this.#host.throttle();
    if (this.#isExpelled) return;
    const { promise: over, resolve } = Promise.withResolvers<void>();
    // Not a race with `expelled`: that one would remember each throttling as long as it is open.
    this.#endThrottle = resolve;
    const timer = setTimeout(resolve, ms);
    await over;
    clearTimeout(timer);
  }

  /** Puts the deadline of an unfinished line off by the time that the relay did not read. */
  #excuse(since: number): void {
    if (this.lineBegunAt !== undefined) this.lineBegunAt += performance.now() - since;
  }
}
