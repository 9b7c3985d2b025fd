/**
 * A slow line in front of a relay.
 *
 * @module
 */

import { writeAll } from "../../lib/bytes/write_all.ts";

/** Bytes that go at once: connections take turns with so much. */
const PIECE_BYTES = 16_384;

/** Passes bytes on; what comes from the relay goes at one rate, for all connections together. */
export class SlowLink implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #conns: Deno.TcpConn[] = [];
  readonly #target: number;
  readonly #bytesPerMs: number;
  #freeAt = 0;

  /**
   * @param target The relay's port on this machine.
   * @param megabits How much comes from the relay in a second.
   */
  constructor(target: number, megabits: number) {
    this.#target = target;
    this.#bytesPerMs = megabits * 1e6 / 8 / 1000;
    void this.#accept().catch(() => {});
  }

  /** Where clients connect. */
  get port(): number {
    return this.#listener.addr.port;
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#listener.close();
    for (const conn of this.#conns) {
      try {
        conn.close();
      } catch {
        // It is closed already.
      }
    }
  }

  async #accept(): Promise<void> {
    for await (const client of this.#listener) {
      const relay = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#conns.push(client, relay);
      for (const conn of [client, relay]) conn.setNoDelay(true);
      void this.#pass(client, relay, false).catch(() => {});
      void this.#pass(relay, client, true).catch(() => {});
    }
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn, isSlow: boolean): Promise<void> {
    const buffer = new Uint8Array(PIECE_BYTES);
    for (let count = await from.read(buffer); count !== null; count = await from.read(buffer)) {
      if (isSlow) await this.#passed(count);
      await writeAll(to, buffer.subarray(0, count));
    }
    await to.closeWrite();
  }

  /** Settles when so many bytes have gone over the line, after those before them. */
  async #passed(bytes: number): Promise<void> {
    const now = performance.now();
    this.#freeAt = Math.max(now, this.#freeAt) + bytes / this.#bytesPerMs;
    await new Promise((resolve) => setTimeout(resolve, this.#freeAt - now));
  }
}
