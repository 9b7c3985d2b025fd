/**
 * A client that knows nothing but TCP and lines.
 *
 * @module
 */

import { writeAll } from "../../lib/bytes/write_all.ts";
import { within } from "./within.ts";

/** A connection that collects all it receives. */
export class RawClient implements Disposable {
  readonly #conn: Deno.TcpConn;
  #chunks: Uint8Array[] = [];
  #lines = 0;
  #changed = Promise.withResolvers<void>();
  /** Takes what comes from then on, in place of what is collected. */
  onChunk: ((chunk: Uint8Array) => void) | undefined;
  /** Whether the other side has ended or broken the connection. */
  isEnded = false;
  /** Settles at the end of input; never rejects. */
  readonly ended: Promise<void>;

  private constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.ended = this.#collect();
  }

  /** Connects to a port of this machine. */
  static async connect(port: number, hostname = "127.0.0.1"): Promise<RawClient> {
    return new RawClient(await Deno.connect({ hostname, port }));
  }

  /** The local port, by which `ss` knows the connection. */
  get localPort(): number {
    return this.#conn.localAddr.port;
  }

  /** Lines received so far. */
  get lineCount(): number {
    return this.#lines;
  }

  /** All that was received so far. */
  text(): string {
    const decoder = new TextDecoder();
    return this.#chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join("");
  }

  /** The whole lines received so far, without LF. */
  lines(): string[] {
    return this.text().split("\n").slice(0, -1);
  }

  /** Writes all of the text or bytes. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    await writeAll(this.#conn, bytes);
  }

  /** Waits until that many lines have come in all; fails at the end of input. */
  async waitForLines(count: number): Promise<void> {
    await within(60, () => `${this.#lines} of ${count} lines came`, this.#waitForLines(count));
  }

  /** Waits for the end of input. */
  async waitForEnd(): Promise<void> {
    await within(20, () => "the connection is still open", this.ended);
  }

  async #waitForLines(count: number): Promise<void> {
    while (this.#lines < count) {
      if (this.isEnded) throw new Error(`Connection ended after ${this.#lines} of ${count} lines`);
      await this.#changed.promise;
    }
  }

  /** Ends the output. */
  async closeWrite(): Promise<void> {
    await this.#conn.closeWrite();
  }

  /** Closes the connection at once. */
  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch {
      // It is closed already.
    }
  }

  async #collect(): Promise<void> {
    const buffer = new Uint8Array(256 * 1024);
    try {
      for (;;) {
        const bytes = await this.#conn.read(buffer);
        if (bytes === null) break;
        const chunk = buffer.slice(0, bytes);
        if (this.onChunk) {
          this.onChunk(chunk);
          continue;
        }
        this.#chunks.push(chunk);
        for (let i = chunk.indexOf(10); i >= 0; i = chunk.indexOf(10, i + 1)) this.#lines++;
        this.#notify();
      }
    } catch {
      // A reset, or closed by the test.
    }
    this.isEnded = true;
    this.#notify();
  }

  #notify(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

/** Lines that the relay takes for tokens; no key is needed to relay them. */
export function fakeToken(label: string, chars = 140): string {
  const text = `gAAAAA${label}`;
  return text.padEnd(chars, "A");
}

/** Writes text in pieces that end anywhere, so that lines are cut and merged. */
export async function sendInPieces(
  client: RawClient,
  text: string,
  maxBytes: number,
  random: () => number,
): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let start = 0; start < bytes.length;) {
    const end = start + 1 + Math.floor(random() * maxBytes);
    await client.send(bytes.subarray(start, end));
    start = end;
  }
}
