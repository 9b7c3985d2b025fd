/**
 * A connection's bytes as a stream of Node.js, which TLS can be put on.
 *
 * @module
 */

import { Duplex } from "node:stream";
import { MAX_TLS_READ_BYTES, MIN_TLS_READ_BYTES } from "./limits.ts";

/** What is used of a TCP connection. */
export type PlainConnection = Pick<
  Deno.Conn,
  "read" | "write" | "closeWrite" | "close" | "remoteAddr"
>;

/** What a stream asks and tells. */
export interface ByteStreamHost {
  /**
   * Tells when to read on; undefined for now. TLS takes all that comes and keeps what nobody reads, so
   * that it cannot tell that by itself.
   */
  untilWanted(): Promise<void> | undefined;
  /** Is told when bytes have come. */
  onRead(): void;
  /** Is told when a write is done. */
  onWritten(): void;
}

type Done = (error?: Error | null) => void;

/**
 * Makes a stream of a connection.
 *
 * @param conn The stream closes it when it is destroyed. Somebody else may close it before.
 * @param host Who uses the stream.
 */
export function openByteStream(conn: PlainConnection, host: ByteStreamHost): Duplex {
  let buffer = new Uint8Array(MIN_TLS_READ_BYTES);
  const readNext = async (stream: Duplex) => {
    await host.untilWanted();
    const count = await conn.read(buffer);
    if (count !== null) host.onRead();
    stream.push(count === null ? null : buffer.slice(0, count));
    const isFull = count === buffer.length && count < MAX_TLS_READ_BYTES;
    if (isFull) buffer = new Uint8Array(2 * count);
  };
  return new Duplex({
    allowHalfOpen: true,
    read() {
      readNext(this).catch((error) => this.destroy(error));
    },
    write(chunk: Uint8Array, _encoding: string, done: Done) {
      writeOn(conn, chunk, (error) => {
        done(error);
        host.onWritten();
      });
    },
    final(done: Done) {
      conn.closeWrite().then(() => done(), done);
    },
    destroy(error: Error | null, done: Done) {
      closeOnce(conn);
      done(error);
    },
  });
}

/** Closes a connection, if it is not closed already. */
export function closeOnce(conn: Pick<Deno.Conn, "close">): void {
  try {
    conn.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}

// No async function, to be quick: this runs once for each line and receiver.
function writeOn(conn: PlainConnection, bytes: Uint8Array, done: Done): void {
  conn.write(bytes).then((count) => {
    if (count === bytes.length) done();
    else writeOn(conn, bytes.subarray(count), done);
  }, done);
}
