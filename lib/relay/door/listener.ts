/**
 * Accepting connections, whatever becomes of single ones.
 *
 * @module
 */

import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { ACCEPT_RECOVERY_MS, ACCEPT_RETRY_MS, TCP_BACKLOG } from "../limits.ts";
import type { RelayEvent } from "../watch/events.ts";

/**
 * Accepts connections until it is told to stop.
 *
 * Where accepting fails, as without file descriptors, it is tried again soon.
 *
 * @param listener Closed by the caller when `signal` aborts.
 * @param signal Ends it.
 * @param report Told when accepting fails, once, and when it works again.
 * @returns The connections.
 */
export async function* acceptAll(
  listener: Deno.Listener,
  signal: AbortSignal,
  report: (event: RelayEvent) => void,
): AsyncGenerator<Deno.Conn> {
  let failedAt: number | undefined;
  while (!signal.aborted) {
    let conn: Deno.Conn;
    try {
      conn = await listener.accept();
    } catch (error) {
      if (signal.aborted) return;
      // The client was gone before its turn came: nothing is wrong here.
      if (isClientGone(error)) continue;
      const message = error instanceof Error ? error.message : String(error);
      if (failedAt === undefined) report({ kind: "accept failed", message });
      failedAt = performance.now();
      await new Promise((resolve) => setTimeout(resolve, ACCEPT_RETRY_MS));
      continue;
    }
    if (failedAt !== undefined && performance.now() - failedAt > ACCEPT_RECOVERY_MS) {
      report({ kind: "accepting again" });
      failedAt = undefined;
    }
    yield conn;
  }
}

function isClientGone(error: unknown): boolean {
  const { NotConnected, ConnectionReset, ConnectionAborted } = Deno.errors;
  return [NotConnected, ConnectionReset, ConnectionAborted].some((type) => error instanceof type);
}

/**
 * Makes a connection send at once what is written, and notice a dead one some time.
 *
 * @param conn A TCP connection that was just accepted.
 */
export function prepare(conn: Deno.Conn): void {
  try {
    const { setNoDelay, setKeepAlive } = conn as Deno.TcpConn;
    setNoDelay.call(conn, true);
    setKeepAlive.call(conn, true);
  } catch {
    // Reset before it was served; the first read says so.
  }
}

/**
 * Listens on an address.
 *
 * @param hostname An IPv4 or IPv6 address, or a host name.
 * @param port A TCP port; 0 for any free one.
 * @returns The listener; its `addr` has the port that was chosen.
 * @throws {ChatError} If the address is not this machine's, or the port is in use.
 * @example
 * ```ts
 * using listener = listen("127.0.0.1", 0);
 * ```
 */
export function listen(hostname: string, port: number): Deno.TcpListener {
  try {
    return Deno.listen({ hostname, port, tcpBacklog: TCP_BACKLOG });
  } catch (cause) {
    throw explain(cause, hostname, port);
  }
}

function explain(cause: unknown, hostname: string, port: number): ChatError {
  if (cause instanceof Deno.errors.AddrInUse) {
    return new ChatError(worded("Cannot listen: port {port} is in use", { port }), {
      cause,
      hint: worded("Another server may be running. Choose another port, or 0 for any free one."),
    });
  }
  if (cause instanceof Error && /lookup|resolve|nodename|known/i.test(cause.message)) {
    return new ChatError(
      worded("Cannot listen: there is no host called {host}", { host: hostname }),
      {
        cause,
      },
    );
  }
  return new ChatError(
    worded("Cannot listen: {host} is not an address of this machine", { host: hostname }),
    {
      cause,
      hint: worded("Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its networks."),
    },
  );
}
