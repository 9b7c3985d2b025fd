/**
 * One client: connects, sends and reads as planned, and leaves.
 *
 * @module
 */

import { writeAll } from "../lib/bytes/write_all.ts";
import { drawCuts, drawPauses, makeBatch } from "./batch.ts";
import { connect, connectToReset, type Link } from "./link.ts";
import type { Load } from "./load.ts";
import type { Oracle, Sender } from "./oracle.ts";
import type { Leave, Plan } from "./plan.ts";
import type { Random } from "./random.ts";
import { Reader } from "./reader.ts";
import { sleep } from "./sleep.ts";
import type { TokenMaker } from "./token.ts";
import { View } from "./view.ts";

/** The relay drains a leaving client for 2 s; only in less it must have got all. */
const SURE_DRAIN_MS = 1800;
/** Longest wait for the relay to close its side. */
const CLOSE_TIMEOUT_MS = 15_000;
/** Time a client that may have been cut gets to notice it. */
const NOTICE_MS = 2000;

/** What all clients share. */
export interface Room {
  readonly port: number;
  readonly oracle: Oracle;
  readonly load: Load;
  readonly maker: TokenMaker;
}

/** A connected client. */
export class Client {
  readonly plan: Plan;
  readonly sender: Sender;
  /** What it has received. */
  readonly view: View;
  /** Settles when it has gone; never rejects. */
  readonly done: Promise<void>;
  /** Settles when it sends no more; never rejects. */
  sending: Promise<void> = Promise.resolve();
  readonly #room: Room;
  readonly #random: Random;
  readonly #stopSending = new AbortController();
  readonly #leaving = Promise.withResolvers<Leave>();
  readonly #lifetime = new AbortController();
  #reader: Reader | undefined;
  #conn: Link | undefined;
  /** By which the server's log knows it. */
  #localPort = 0;

  constructor(room: Room, plan: Plan, random: Random) {
    this.#room = room;
    this.plan = plan;
    this.#random = random;
    this.sender = room.oracle.join();
    this.view = new View(room.oracle, this.sender, `${plan.pace}, ${plan.leave}`);
    this.done = this.#run().catch((error) =>
      room.oracle.fault("other", `${this.view.name}: ${Deno.inspect(error)}`)
    );
  }

  /** Stops sending after the line begun, reads all, and stays. */
  settle(): void {
    this.#lifetime.abort();
    this.#stopSending.abort();
    this.#reader?.hurry();
  }

  /** Leaves with a half-close. */
  finish(): void {
    this.#leaving.resolve("half-close");
  }

  /** Offers one line's bytes as its next token; the controller's way to send. */
  async sendMarker(): Promise<void> {
    const { oracle, maker } = this.#room;
    const sequence = this.sender.offered;
    const token = maker.make({ sender: this.sender.id, sequence }, 140, this.#random);
    const line = new Uint8Array(token.length + 1);
    line.set(token);
    line[token.length] = 0x0a;
    oracle.beforeMarker(sequence);
    this.sender.offered++;
    await writeAll(this.#conn!, line);
  }

  /** Whether it is connected. */
  get isConnected(): boolean {
    return this.#conn !== undefined;
  }

  async #run(): Promise<void> {
    const { oracle, port } = this.#room;
    let isClean = false;
    try {
      using conn = await (this.plan.leave === "reset" ? connectToReset : connect)(port);
      this.#conn = conn;
      this.#localPort = conn.localPort;
      this.#reader = new Reader(conn, this.view, this.plan.pace, this.#random);
      if (this.#stopSending.signal.aborted) this.#reader.hurry();
      if (this.plan.isSender && this.plan.lifetimeMs < Infinity) this.sending = this.#send(conn);
      isClean = await this.#stay(conn, this.#reader);
    } finally {
      this.#stopSending.abort();
      oracle.leave(this.sender, isClean);
    }
  }

  /** Stays until it leaves or is cut; returns whether the relay is known to have read it all. */
  async #stay(conn: Link, reader: Reader): Promise<boolean> {
    if (this.plan.lifetimeMs < Infinity) {
      sleep(this.plan.lifetimeMs, this.#lifetime.signal).then(() => {
        if (!this.#lifetime.signal.aborted) this.#leaving.resolve(this.plan.leave);
      });
    }
    const ended = reader.ended.then(() => undefined);
    const leave = await Promise.race([this.#leaving.promise, ended]);
    if (leave === undefined) return this.#wasCut();
    if (this.plan.pace !== "fast") {
      // It may have been cut long ago and not have noticed.
      reader.hurry();
      if (await this.#hasEnded(reader, NOTICE_MS)) return this.#wasCut();
    }
    return leave === "half-close"
      ? await this.#halfClose(conn, reader)
      : await this.#close(conn, reader, leave === "reset");
  }

  async #hasEnded(reader: Reader, ms: number): Promise<boolean> {
    return await Promise.race([reader.ended.then(() => true), sleep(ms).then(() => false)]);
  }

  #wasCut(): false {
    const { oracle } = this.#room;
    this.#lifetime.abort();
    const reason = this.view.relayError ?? "without a word";
    const port = this.#localPort;
    if (this.plan.pace !== "fast") oracle.countCut(reason);
    else oracle.fault("cut", `${this.view.name} was cut: ${reason} (port ${port})`);
    return false;
  }

  async #halfClose(conn: Link, reader: Reader): Promise<boolean> {
    const { oracle } = this.#room;
    this.#stopSending.abort();
    await this.sending;
    const expected = this.view.expectSeen();
    const since = performance.now();
    try {
      await conn.closeWrite();
    } catch {
      // Reset by the relay: the reader tells.
    }
    const timeout = sleep(CLOSE_TIMEOUT_MS).then(() => "timeout" as const);
    const end = await Promise.race([reader.ended, timeout]);
    const ms = Math.round(performance.now() - since);
    if (this.plan.pace !== "fast") {
      reader.stop();
      return false;
    }
    if (end === "end") {
      if (ms < SURE_DRAIN_MS) this.view.check(expected, `after its half-close (${ms} ms)`);
      return true;
    }
    oracle.fault(
      "cut",
      `${this.view.name}: ${end} ${ms} ms after its half-close (port ${this.#localPort})`,
    );
    reader.stop();
    return false;
  }

  async #close(conn: Link, reader: Reader, withUnread: boolean): Promise<false> {
    if (withUnread) {
      reader.hold();
      await sleep(this.#random.int(50, 1000));
    }
    reader.stop();
    conn.close();
    await reader.ended;
    return false;
  }

  async #send(conn: Link): Promise<void> {
    const { load, maker } = this.#room;
    const { signal } = this.#stopSending;
    let noiseSent = 0;
    try {
      while (!signal.aborted) {
        const { batch, noise } = makeBatch(maker, this.plan, this.#random, this.sender, noiseSent);
        noiseSent += noise;
        await load.take(batch.bytes.length, signal);
        if (signal.aborted) return;
        await this.#sendBatch(conn, batch.bytes, batch.tokenEnds);
        await sleep(this.#random.scale(1, 500), signal);
      }
    } catch {
      // Cut by the relay, or closed on purpose: the reader tells.
      this.#reader?.hurry();
    }
  }

  async #sendBatch(conn: Link, bytes: Uint8Array, tokenEnds: readonly number[]) {
    const { signal } = this.#stopSending;
    let start = 0;
    let tokens = 0;
    const cuts = drawCuts(bytes.length, this.#random);
    const pauses = drawPauses(cuts.length, this.#random);
    for (const [i, end] of cuts.entries()) {
      const piece = bytes.subarray(start, end);
      while (tokens < tokenEnds.length && tokenEnds[tokens]! <= end) {
        tokens++;
        this.sender.offered++;
      }
      await writeAll(conn, piece);
      start = end;
      if (end === bytes.length) return;
      const mayStop = this.plan.leavesMidLine && !this.#lifetime.signal.aborted;
      if (signal.aborted && mayStop) return;
      await sleep(pauses[i]!, signal);
    }
  }
}
