/**
 * One pipe: two connections, and the bytes that the relay copies between them.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pipes"
 */

import { TokenBucket } from "../../async/token_bucket.ts";
import { writeAll } from "../../bytes/write_all.ts";
import { formatControl } from "../../protocol/control.ts";
import { closeQuietly } from "../peer/departure.ts";
import type { PeerConn } from "../peer/parts.ts";
import type { PipeEndReason } from "../watch/events.ts";
import { PIPE_BUFFER_BYTES, PIPE_BURST_BYTES } from "./limits.ts";
import type { PipeTurn } from "./turn.ts";

/** A connection that is, or wants to be, an end of a pipe. */
export interface PipeEnd {
  /** Number of the connection. */
  readonly cid: number;
  /** Is closed when the pipe ends. */
  readonly conn: PeerConn;
  /** The network that is held responsible for it, as `networkOf()` names it. */
  readonly network: string;
  /** `ip:port` of the client. */
  readonly address: string;
}

/** What all pipes of a relay share. */
export interface PipeHost {
  readonly turn: PipeTurn;
  /** The numbers in which what is copied counts. */
  readonly stats: { pipeBytes: number };
  /** Bytes a second of each pipe; undefined for no limit. */
  readonly bytesPerSecond: number | undefined;
  /** A clock in ms that never runs back. */
  readonly now: () => number;
}

/** Both ends are told so when they are joined. */
const PIPED = formatControl({ verb: "PIPED" });

/** Copies bytes both ways, with one buffer for each. */
export class Pipe {
  /** The other end; undefined while the first one waits. */
  second: PipeEnd | undefined;
  /** Bytes that were copied. */
  bytes = 0;
  /** When the pipe was made, or something last went through it, in ms. */
  movedAt: number;
  readonly #host: PipeHost;
  readonly #bucket: TokenBucket | undefined;
  /** Settles when both ends were told. */
  readonly #joined = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<PipeEndReason>();
  #isOver = false;

  /** @param first The end that came first. It is read from at once, to notice that it leaves. */
  constructor(readonly first: PipeEnd, host: PipeHost) {
    this.#host = host;
    const { bytesPerSecond, now } = host;
    this.movedAt = now();
    const size = bytesPerSecond && { perSecond: bytesPerSecond, burst: PIPE_BURST_BYTES };
    this.#bucket = size ? new TokenBucket(size, now()) : undefined;
    this.#run();
  }

  /** Settles when the pipe has ended, with the reason. */
  get ended(): Promise<PipeEndReason> {
    return this.#ended.promise;
  }

  /** Whether the pipe has ended. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Joins the second end. */
  meet(second: PipeEnd): void {
    this.second = second;
    this.movedAt = this.#host.now();
    this.#tell(second).catch(() => this.end("reset"));
  }

  /**
   * Ends the pipe, and closes its connections. One that waited alone stays open, for a last line
   * that says that its time is up.
   */
  end(reason: PipeEndReason): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.second || reason !== "timeout") closeQuietly(this.first.conn);
    if (this.second) closeQuietly(this.second.conn);
    this.#ended.resolve(reason);
    this.#joined.resolve();
  }

  async #tell(second: PipeEnd): Promise<void> {
    await Promise.all([this.first, second].map(({ conn }) => writeAll(conn, PIPED)));
    this.#joined.resolve();
  }

  async #run(): Promise<void> {
    try {
      const back = this.#joined.promise.then(() => this.second && this.#copy(this.second.conn));
      await Promise.all([this.#copy(this.first.conn), back]);
      this.end("end");
    } catch {
      this.end("reset");
    }
  }

  /** Copies what comes from one end to the other. An end that is done may still be written to. */
  async #copy(from: PeerConn): Promise<void> {
    const { turn, now, stats } = this.#host;
    const buffer = new Uint8Array(PIPE_BUFFER_BYTES);
    for (;;) {
      const count = await from.read(buffer);
      if (!this.second && count === null) return this.end("end");
      await this.#joined.promise;
      if (this.#isOver) return;
      const to = from === this.first.conn ? this.second!.conn : this.first.conn;
      if (count === null) return await to.closeWrite();
      const wait = this.#bucket?.spend(count, now()) ?? 0;
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await turn.spend(count);
      await writeAll(to, buffer.subarray(0, count));
      this.movedAt = now();
      this.bytes += count;
      stats.pipeBytes += count;
    }
  }
}
