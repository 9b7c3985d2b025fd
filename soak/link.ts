/**
 * A client's connection, of either of two kinds.
 *
 * @module
 */

import net from "node:net";

/** What a client needs of its connection. */
export interface Link extends Disposable {
  /** By which the server's log knows it. */
  readonly localPort: number;
  /** Reads some bytes and tells how many; null at the end. */
  read(target: Uint8Array): Promise<number | null>;
  /** Writes some bytes and tells how many. */
  write(bytes: Uint8Array): Promise<number>;
  /** Ends the output. */
  closeWrite(): Promise<void>;
  /** Closes the connection; may be called twice. */
  close(): void;
}

/** Connects to a port of this machine; `close()` says goodbye (FIN), even with unread input. */
export async function connect(port: number): Promise<Link> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const close = () => conn[Symbol.dispose]();
  return {
    localPort: conn.localAddr.port,
    read: (target) => conn.read(target),
    write: (bytes) => conn.write(bytes),
    closeWrite: () => conn.closeWrite(),
    close,
    [Symbol.dispose]: close,
  };
}

/** The same, but `close()` resets the connection: only Node's API can. */
export async function connectToReset(port: number): Promise<Link> {
  const socket = net.connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  let failure: Error | undefined;
  let isEnded = false;
  let changed = Promise.withResolvers<void>();
  const notify = () => {
    changed.resolve();
    changed = Promise.withResolvers();
  };
  socket.on("error", (error) => failure = error);
  socket.on("end", () => isEnded = true);
  for (const event of ["connect", "readable", "end", "close"]) socket.on(event, notify);
  while (socket.connecting) await changed.promise;
  if (failure) throw failure;
  const closed = new Promise<never>((_, reject) => {
    socket.once("close", () => reject(failure ?? new Error("closed")));
  });
  closed.catch(() => {});
  let chunk: Uint8Array | null = null;
  const close = () => void socket.resetAndDestroy();
  return {
    localPort: socket.localPort ?? 0,
    async read(target) {
      while (!(chunk ??= socket.read() as Uint8Array | null)) {
        if (isEnded) return null;
        if (failure || socket.destroyed) throw failure ?? new Error("closed");
        await changed.promise;
      }
      const part = chunk.subarray(0, target.length);
      target.set(part);
      chunk = part.length < chunk.length ? chunk.subarray(part.length) : null;
      return part.length;
    },
    async write(bytes) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      socket.write(bytes, (error) => error ? reject(error) : resolve());
      await Promise.race([promise, closed]);
      return bytes.length;
    },
    async closeWrite() {
      const { promise, resolve } = Promise.withResolvers<void>();
      socket.end(resolve);
      await Promise.race([promise, closed]);
    },
    close,
    [Symbol.dispose]: close,
  };
}
