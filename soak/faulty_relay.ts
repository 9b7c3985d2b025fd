/**
 * A small relay that spoils some deliveries: it proves that the oracle sees it.
 *
 * @module
 */

import { writeAll } from "../lib/bytes/write_all.ts";
import { classifyLine } from "../lib/protocol/wire.ts";
import { sleep } from "./sleep.ts";

/** What is done to a line on its way to one receiver. */
export type Sabotage = "none" | "drop" | "duplicate" | "swap" | "alter" | "echo" | "cut";

const LF = 0x0a;
const CR = 0x0d;
/** Longest that a leaving client's queue is written, in ms. */
const DRAIN_MS = 1000;

/** A client's connection: the lines on their way to it, and the one task that writes them. */
class Outlet {
  /** A line that is to come after the next one of the same sender. */
  held: { readonly line: Uint8Array; readonly from: Outlet } | undefined;
  readonly #conn: Deno.Conn;
  #lines: Uint8Array[] = [];
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  push(...lines: Uint8Array[]): void {
    this.#lines.push(...lines);
    if (this.#isWriting) return;
    this.#isWriting = true;
    this.#writing = this.#write();
  }

  /** Settles when all is written, or time is up. */
  async drain(): Promise<void> {
    await Promise.race([this.#writing, sleep(DRAIN_MS)]);
  }

  close(): void {
    try {
      this.#conn.close();
    } catch {
      // It is closed already.
    }
  }

  async #write(): Promise<void> {
    try {
      for (let line = this.#lines.shift(); line; line = this.#lines.shift()) {
        await writeAll(this.#conn, line);
      }
    } catch {
      this.#lines = [];
    }
    this.#isWriting = false;
  }
}

/** Relays on a free port, and spoils one in so many deliveries. */
export class FaultyRelay implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #outlets = new Set<Outlet>();
  readonly #serving = new Set<Promise<void>>();
  readonly #sabotage: Sabotage;
  readonly #every: number;
  readonly #accepting: Promise<void>;
  #deliveries = 0;

  /**
   * @param sabotage What it does.
   * @param every To each how-manieth delivery.
   */
  constructor(sabotage: Sabotage, every: number) {
    this.#sabotage = sabotage;
    this.#every = every;
    this.#accepting = this.#accept();
  }

  /** Where it listens, on this machine. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Closes everything. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    for (const outlet of this.#outlets) outlet.close();
    await Promise.all(this.#serving);
  }

  async #accept(): Promise<void> {
    try {
      for (;;) {
        const serving = this.#serve(await this.#listener.accept());
        this.#serving.add(serving);
        serving.finally(() => this.#serving.delete(serving));
      }
    } catch {
      // Closed: it is over.
    }
  }

  async #serve(conn: Deno.Conn): Promise<void> {
    const outlet = new Outlet(conn);
    this.#outlets.add(outlet);
    const buffer = new Uint8Array(64 * 1024);
    let rest = new Uint8Array();
    try {
      for (let n = await conn.read(buffer); n !== null; n = await conn.read(buffer)) {
        const bytes = new Uint8Array(rest.length + n);
        bytes.set(rest);
        bytes.set(buffer.subarray(0, n), rest.length);
        rest = this.#split(bytes, outlet);
      }
      this.#outlets.delete(outlet);
      await outlet.drain();
    } catch {
      this.#outlets.delete(outlet);
    }
    outlet.close();
  }

  /** Relays the whole lines and returns what is left. */
  #split(bytes: Uint8Array, from: Outlet): Uint8Array<ArrayBuffer> {
    let start = 0;
    for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, start)) {
      const end = bytes[lf - 1] === CR ? lf - 1 : lf;
      if (classifyLine(bytes, start, end) === "token") {
        const line = bytes.slice(start, end + 1);
        line[line.length - 1] = LF;
        for (const to of this.#outlets) if (to !== from) this.#deliver(line, to, from);
      }
      start = lf + 1;
    }
    return bytes.slice(start);
  }

  #deliver(line: Uint8Array, to: Outlet, from: Outlet): void {
    if (to.held?.from === from) {
      to.push(line, to.held.line);
      to.held = undefined;
    } else if (++this.#deliveries % this.#every === 0) {
      this.#spoil(line, to, from);
    } else {
      to.push(line);
    }
  }

  #spoil(line: Uint8Array, to: Outlet, from: Outlet): void {
    if (this.#sabotage === "drop") return;
    if (this.#sabotage === "cut") return to.close();
    if (this.#sabotage === "swap" && !to.held) {
      to.held = { line, from };
      return;
    }
    const altered = line.slice();
    altered[Math.floor(line.length / 2)]! ^= 1;
    to.push(this.#sabotage === "alter" ? altered : line);
    if (this.#sabotage === "duplicate") to.push(line);
    if (this.#sabotage === "echo") from.push(line);
  }
}
