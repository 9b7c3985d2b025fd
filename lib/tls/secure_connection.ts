/**
 * TLS over a TCP connection, with the methods of a `Deno.Conn`.
 *
 * `Deno.TlsConn` would not do. Its `close()` leaves the socket open until the other side has shaken
 * hands, has read what was written, or is gone: a stranger could make a relay hold any number of
 * sockets. Here the socket is this module's own, and `close()` closes it.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "TLS"
 */

import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import { closeOnce, openByteStream, type PlainConnection } from "./byte_stream.ts";
import { CLOSE_NOTIFY_MS, MAX_TLS_UNREAD_BYTES, MAX_TLS_WRITE_BYTES } from "./limits.ts";

/** A connection that may not have shaken hands yet. */
export class SecureConnection implements PlainConnection {
  readonly remoteAddr: Deno.Addr;
  readonly #conn: PlainConnection;
  readonly #socket: TLSSocket;
  /** What goes over the connection, encrypted. */
  readonly #bytes: Duplex;
  /** What was read and not handed out. */
  #rest: Uint8Array = new Uint8Array();
  /** Writes that are under way. */
  #writes = 0;
  #isOpen = false;
  #hasSpoken = false;
  #isAtEnd = false;
  #isClosed = false;
  /** Whether the last record was made. */
  #isLast = false;
  #failure: unknown;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Settles when there is something to read, or nothing any more. */
  #changed: PromiseWithResolvers<void> | undefined;
  /** Settles when more may be read from the connection; undefined if it may be. */
  #taken: PromiseWithResolvers<void> | undefined;
  readonly #opened = Promise.withResolvers<void>();

  /**
   * @param conn The TCP connection, which this owns from now on.
   * @param wrap Puts TLS on the bytes of the connection.
   * @param opened The event that says that the other side was taken: of a client it comes when the
   * certificate was judged.
   */
  constructor(
    conn: PlainConnection,
    wrap: (bytes: Duplex) => TLSSocket,
    opened: "secure" | "secureConnect",
  ) {
    this.#conn = conn;
    this.remoteAddr = conn.remoteAddr;
    // Nobody may wait for it.
    this.#opened.promise.catch(() => {});
    this.#bytes = openByteStream(conn, {
      untilWanted: () => this.#untilTaken(),
      onRead: () => this.#hasSpoken = true,
      onWritten: () => this.#isLast && this.#severIfDone(),
    });
    const socket = this.#socket = wrap(this.#bytes);
    socket.once(opened, () => {
      this.#isOpen = true;
      this.#opened.resolve();
    });
    socket.on("readable", () => this.#notice());
    socket.once("end", () => {
      this.#isAtEnd = true;
      if (!this.#isOpen) this.#fail(new Deno.errors.UnexpectedEof("no handshake"));
      this.#notice();
    });
    socket.on("error", (error) => this.#fail(error));
    socket.once("close", () => this.#fail(new Deno.errors.Interrupted("closed")));
  }

  /** Whether the other side has sent anything. */
  get hasSpoken(): boolean {
    return this.#hasSpoken;
  }

  /** Bytes that came and were not read. */
  get unreadBytes(): number {
    return this.#rest.length + this.#socket.readableLength;
  }

  /** What the certificate of the other side says, in DER; undefined if it has shown none. */
  get certificate(): Uint8Array | undefined {
    return this.#socket.getPeerCertificate()?.raw;
  }

  /**
   * Waits until both sides have shaken hands.
   *
   * @throws {Error} If the handshake fails, or the connection is closed before.
   */
  async handshake(): Promise<void> {
    await this.#opened.promise;
  }

  /** Reads some bytes, and tells how many; null at the end. One call at a time. */
  async read(buffer: Uint8Array): Promise<number | null> {
    while (this.#rest.length === 0) {
      const chunk: Uint8Array | null = this.#socket.read();
      this.#taken?.resolve();
      this.#taken = undefined;
      if (chunk !== null) this.#rest = chunk;
      else if (this.#isAtEnd) return null;
      else if (this.#failure !== undefined) throw this.#failure;
      else await (this.#changed ??= Promise.withResolvers()).promise;
    }
    const count = Math.min(buffer.length, this.#rest.length);
    buffer.set(this.#rest.subarray(0, count));
    this.#rest = this.#rest.subarray(count);
    return count;
  }

  /** Writes the first of the bytes, 64 KiB at most, and tells how many when the system has them. */
  write(bytes: Uint8Array): Promise<number> {
    const part = bytes.subarray(0, MAX_TLS_WRITE_BYTES);
    this.#writes++;
    return new Promise((resolve, reject) => {
      this.#socket.write(part, (error) => {
        this.#writes--;
        if (error) reject(error);
        else resolve(part.length);
      });
    });
  }

  /** Ends the output. What the other side sends can still be read. */
  async closeWrite(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.end((error?: Error | null) => error ? reject(error) : resolve());
    });
  }

  /**
   * Closes the connection: at once if the other side takes nothing, and else as soon as it was told
   * that this is the end, 0.1 s later at most.
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#fail(new Deno.errors.Interrupted("closed"));
    if (!this.#isOpen || this.#writes > 0 || this.#socket.destroyed) return this.#sever();
    this.#timer = setTimeout(() => this.#sever(), CLOSE_NOTIFY_MS);
    this.#socket.end(() => {
      this.#isLast = true;
      this.#severIfDone();
    });
  }

  #untilTaken(): Promise<void> | undefined {
    // The stream may be read from before there is a socket.
    const unread = (this.#socket as TLSSocket | undefined)?.readableLength ?? 0;
    if (unread < MAX_TLS_UNREAD_BYTES) return undefined;
    return (this.#taken ??= Promise.withResolvers()).promise;
  }

  #severIfDone(): void {
    if (this.#bytes.writableLength === 0) this.#sever();
  }

  #sever(): void {
    clearTimeout(this.#timer);
    closeOnce(this.#conn);
    this.#socket.destroy();
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
    this.#taken?.resolve();
    this.#opened.reject(error);
    this.#notice();
  }

  #notice(): void {
    this.#changed?.resolve();
    this.#changed = undefined;
  }
}
