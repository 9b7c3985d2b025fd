/**
 * Somebody who records all bytes between clients and a relay, and changes none.
 *
 * @module
 */

import { writeAll } from "../../lib/bytes/write_all.ts";

/** A recorder in front of a relay. */
export class Recorder implements Disposable {
  /** All that went through, in both directions. */
  readonly chunks: Uint8Array[] = [];
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns = new Set<Deno.TcpConn>();
  readonly #target: number;

  /** @param target The relay's port on this machine. */
  constructor(target: number) {
    this.#target = target;
    this.#accept();
  }

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** What was recorded, one character a byte. */
  get text(): string {
    const decoder = new TextDecoder("latin1");
    return this.chunks.map((chunk) => decoder.decode(chunk)).join("");
  }

  /** Breaks all connections. */
  cut(): void {
    for (const conn of this.#conns) closeQuietly(conn);
    this.#conns.clear();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.cut();
  }

  async #accept(): Promise<void> {
    try {
      for await (const client of this.#listener) this.#connect(client);
    } catch {
      // The listener was closed.
    }
  }

  async #connect(client: Deno.TcpConn): Promise<void> {
    try {
      const relay = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      for (const conn of [client, relay]) this.#conns.add(conn);
      await Promise.all([this.#pass(client, relay), this.#pass(relay, client)]);
    } catch {
      closeQuietly(client);
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let count; (count = await from.read(buffer)) !== null;) {
        const chunk = buffer.slice(0, count);
        this.chunks.push(chunk);
        await writeAll(to, chunk);
      }
      await to.closeWrite();
    } catch {
      closeQuietly(from);
      closeQuietly(to);
    }
  }
}

function closeQuietly(conn: Deno.TcpConn): void {
  try {
    conn.close();
  } catch {
    // It is closed already.
  }
}
