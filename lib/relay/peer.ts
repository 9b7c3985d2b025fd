/**
 * One connection of the relay: reads lines, writes the log.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The relay is a log with cursors"
 */

import { LineTooLongError } from "../errors.ts";
import { MAX_NOISE_LINES } from "../limits.ts";
import { RELAY_ERRORS, type RelayError } from "../wire.ts";
import type { Cursor } from "./cursor.ts";
import { Intake, type IntakeHandler } from "./intake.ts";

const LF = 0x0a;

/** What a peer needs of its relay. */
export interface PeerHost {
  /** Resolves as soon as the log has room. */
  waitForRoom(): Promise<void>;
  /** Takes whole token lines for everyone but the peer. */
  publish(peer: Peer, run: Uint8Array, lines: number): void;
}

/** Why a peer's input ended: its own wish, a broken connection, or an offence. */
export type InputEnd = "end" | "reset" | RelayError;

/**
 * A connected peer. Nothing waits for its writes: a slow one only falls behind
 * in the log.
 *
 * @example
 * ```ts ignore
 * const peer = new Peer(conn, log.openCursor(), relay);
 * const why = await peer.read();
 * ```
 */
export class Peer implements IntakeHandler {
  /** Its place in the log. */
  readonly cursor: Cursor;
  readonly #conn: Deno.Conn;
  readonly #host: PeerHost;
  readonly #intake: Intake = new Intake(this);
  #noiseLines = 0;
  /** Settles when there is nothing left to write for now; never rejects. */
  #writing: Promise<void> | undefined;
  #lastWritten = LF;
  #closed = false;

  /**
   * @param conn Owned by the peer from now on.
   * @param cursor Its place in the log, likewise.
   * @param host The relay.
   */
  constructor(conn: Deno.Conn, cursor: Cursor, host: PeerHost) {
    this.#conn = conn;
    this.cursor = cursor;
    this.#host = host;
  }

  /** Whether all that was written so far ends in a line's end. */
  get isAtLineEnd(): boolean {
    return this.#writing === undefined && this.#lastWritten === LF;
  }

  /**
   * Reads lines until the input ends.
   *
   * @returns Why it ended. It never rejects.
   */
  async read(): Promise<InputEnd> {
    try {
      for (;;) {
        const bytes = await this.#conn.read(this.#intake.space());
        if (bytes === null) return "end";
        await this.#host.waitForRoom();
        if (this.#closed) return "reset";
        this.#intake.take(bytes);
        if (this.#noiseLines >= MAX_NOISE_LINES) return RELAY_ERRORS.badLine;
      }
    } catch (error) {
      return error instanceof LineTooLongError ? RELAY_ERRORS.tooLong : "reset";
    }
  }

  onTokens(run: Uint8Array, lines: number): void {
    this.#host.publish(this, run, lines);
  }

  onControl(): void {
    // No verb is known before the handshake, and unknown ones are ignored.
  }

  onNoise(): void {
    this.#noiseLines++;
  }

  /** Starts to write what the log has, unless that is going on already. */
  pump(): void {
    if (this.#writing || this.#closed) return;
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

  /** Leaves the log and hands over the connection, to be closed by the caller. */
  release(): Deno.Conn {
    this.#closed = true;
    this.cursor.close();
    return this.#conn;
  }

  /** Closes the connection at once. */
  close(): void {
    if (this.#closed) return;
    this.release().close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      for (let next: Uint8Array | undefined = bytes; next; next = this.cursor.peek()) {
        const written = await this.#conn.write(next);
        if (this.#closed) return;
        this.#lastWritten = next[written - 1] ?? this.#lastWritten;
        this.cursor.advance(written);
      }
    } catch {
      // The reader of this connection sees the same end and reports it.
      this.close();
    } finally {
      this.#writing = undefined;
    }
  }
}
