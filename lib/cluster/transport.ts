/**
 * The connection to a server of NATS, for its library: TCP, and TLS where it is asked for.
 *
 * The library's own transport needs the permission to connect to anywhere.
 *
 * @module
 */

import type { ConnectionOptions, Server, Transport } from "@nats-io/nats-core/internal";
import { concat } from "../bytes/concat.ts";
import { writeAll } from "../bytes/write_all.ts";
import { MAX_INFO_BYTES, NATS_CONNECT_MS, NATS_READ_BYTES } from "./limits.ts";

/** The byte that ends a line. */
const LF = 0x0a;

/** One connection. It is used once. */
export class DenoTransport implements Transport {
  readonly lang = "deno";
  readonly version = "1";
  closeError: Error | undefined;
  #isEncrypted = false;
  #isClosed = false;
  #conn: Deno.TcpConn | Deno.TlsConn | undefined;
  /** The server's first line, which the library is to read, too. */
  #info = new Uint8Array();
  #waiting: Uint8Array[] = [];
  #isWriting = false;
  readonly #ended = Promise.withResolvers<void | Error>();

  get isClosed(): boolean {
    return this.#isClosed;
  }

  isEncrypted(): boolean {
    return this.#isEncrypted;
  }

  /** Connects, reads what the server says first, and goes over to TLS if either side wants it. */
  async connect({ hostname, port }: Server, { tls }: ConnectionOptions): Promise<void> {
    const signal = AbortSignal.timeout(NATS_CONNECT_MS);
    const conn = await Deno.connect({ hostname, port, signal });
    if (this.#isClosed) return conn.close();
    this.#conn = conn;
    conn.setNoDelay(true);
    this.#info = await readInfo(conn);
    const { tls_required: isRequired, tls_available: isOffered } = parseInfo(this.#info);
    if (tls && !isRequired && !isOffered) throw new Error("the server offers no TLS");
    if (!tls && !isRequired) return;
    const ca = typeof tls === "object" ? tls?.ca : undefined;
    this.#conn = await Deno.startTls(conn, { hostname, caCerts: ca === undefined ? [] : [ca] });
    await this.#conn.handshake().catch((cause) => {
      const tip = /UnknownIssuer/.test(cause.message)
        ? "; --cluster-tls-ca names who issued it"
        : "";
      throw new Error(`${cause.message}${tip}`, { cause });
    });
    this.#isEncrypted = true;
  }

  /** What the server says. Each array is valid until the next one is asked for. */
  async *[Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    let error: Error | undefined;
    try {
      yield this.#info;
      const buffer = new Uint8Array(NATS_READ_BYTES);
      for (;;) {
        const count = await this.#conn!.read(buffer);
        if (count === null) break;
        yield buffer.subarray(0, count);
      }
    } catch (cause) {
      // Such as one that was killed: it did not say goodbye in TLS.
      if (!(cause instanceof Deno.errors.UnexpectedEof)) error = cause as Error;
    } finally {
      this.#end(error);
    }
  }

  send(frame: Uint8Array): void {
    if (this.#isClosed) return;
    this.#waiting.push(frame);
    if (!this.#isWriting) this.#write();
  }

  close(error?: Error): Promise<void> {
    this.#end(error);
    return Promise.resolve();
  }

  disconnect(): void {
    this.#end(undefined);
  }

  discard(): void {
    this.#end(undefined);
  }

  closed(): Promise<void | Error> {
    return this.#ended.promise;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0 && !this.#isClosed) {
      const frames = this.#waiting;
      this.#waiting = [];
      const bytes = frames.length === 1 ? frames[0]! : concat(...frames);
      // What is read ends a connection that broke: a server may have said why.
      await writeAll(this.#conn!, bytes).catch(() => {});
    }
    this.#isWriting = false;
  }

  #end(error: Error | undefined): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#waiting = [];
    this.closeError = error;
    try {
      this.#conn?.close();
    } catch {
      // It broke, and is closed already.
    }
    this.#ended.resolve(error);
  }
}

/** Reads the first line, and what a server that is full says behind it. */
async function readInfo(conn: Deno.Conn): Promise<Uint8Array<ArrayBuffer>> {
  const buffer = new Uint8Array(MAX_INFO_BYTES);
  for (let filled = 0; filled < buffer.length;) {
    const count = await conn.read(buffer.subarray(filled));
    if (count === null) throw new Error("the connection was closed");
    filled += count;
    if (buffer[filled - 1] === LF) return buffer.slice(0, filled);
  }
  throw new Error("what answers is no server of NATS");
}

function parseInfo(said: Uint8Array): { tls_required?: boolean; tls_available?: boolean } {
  try {
    const [, json] = /^INFO (\{.*\})\s*$/m.exec(new TextDecoder().decode(said)) ?? [];
    return JSON.parse(json!);
  } catch (cause) {
    throw new Error("what answers is no server of NATS", { cause });
  }
}
