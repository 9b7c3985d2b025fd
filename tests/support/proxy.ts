/**
 * Somebody in the middle: passes lines on, and may record, drop or alter them.
 *
 * @module
 */

import { LineSplitter } from "../../lib/bytes/lines.ts";
import { writeAll } from "../../lib/bytes/write_all.ts";
import { MAX_LINE_BYTES } from "../../lib/protocol/limits.ts";

/** What becomes of a line on its way to the relay: the lines that are passed on instead. */
export type Meddle = (line: string) => readonly string[] | Promise<readonly string[]>;

/** A proxy in front of a relay. */
export class Proxy implements Disposable {
  /** All that went through, in both directions. */
  readonly recorded: Uint8Array[] = [];
  /** Token lines that clients sent, in order. */
  readonly tokens: string[] = [];
  /** What becomes of each line that a client sends; by default it is passed on. */
  meddle: Meddle = (line) => [line];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Deno.TcpConn>();
  /** The relay's port on this machine. */
  readonly #target: number;
  #isDown = false;

  /** @param target The relay's port on this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#accept();
  }

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Breaks all connections. While it is down, it breaks each new one, too. */
  cut({ isDown = false } = {}): void {
    this.#isDown = isDown;
    for (const conn of this.#conns) closeQuietly(conn);
    this.#conns.clear();
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#listener.close();
    this.cut();
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) {
        if (this.#isDown) client.close();
        else this.#connect(client);
      }
    } catch {
      // The listener was closed.
    }
  }

  async #connect(client: Deno.TcpConn): Promise<void> {
    try {
      const relay = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      for (const conn of [client, relay]) {
        conn.setNoDelay(true);
        this.#conns.add(conn);
      }
      await Promise.all([this.#pass(client, relay, true), this.#pass(relay, client, false)]);
    } catch {
      closeQuietly(client);
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, mayMeddle: boolean): Promise<void> {
    const splitter = new LineSplitter(MAX_LINE_BYTES);
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const bytes = await from.read(buffer);
        if (bytes === null) break;
        const chunk = buffer.slice(0, bytes);
        this.recorded.push(chunk);
        if (!mayMeddle) await writeAll(to, chunk);
        else for (const line of splitter.push(chunk)) await this.#alter(line, to);
      }
      await to.closeWrite();
    } catch {
      closeQuietly(from);
      closeQuietly(to);
    }
  }

  async #alter(line: Uint8Array, to: Deno.TcpConn): Promise<void> {
    const text = new TextDecoder().decode(line);
    if (text.startsWith("g")) this.tokens.push(text);
    const lines = await this.meddle(text);
    if (lines.length > 0) await writeAll(to, new TextEncoder().encode(`${lines.join("\n")}\n`));
  }
}

function closeQuietly(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // It is closed already.
  }
}
