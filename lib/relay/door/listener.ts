/**
 * Listening, and accepting connections. Accepting goes on after a failure.
 *
 * @module
 */

import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { ACCEPT_RECOVERY_MS, ACCEPT_RETRY_MS, TCP_BACKLOG } from "../limits.ts";
import type { RelayEvent } from "../watch/events.ts";

/**
 * Accepts connections until `signal` aborts.
 *
 * Accepting can fail, for example if there are no file descriptors left. It is tried again after
 * 0.1 s.
 *
 * @param listener The caller closes it when `signal` aborts.
 * @param signal Ends the accepting.
 * @param report Is told once when accepting fails, and once when it works again.
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
      // The client left before it was accepted. The listener works.
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
 * Sets up a TCP connection that was just accepted: it sends at once what is written, and the system
 * ends it some time after the other side is gone.
 */
export function prepare(conn: Deno.Conn): void {
  try {
    const { setNoDelay, setKeepAlive } = conn as Deno.TcpConn;
    setNoDelay.call(conn, true);
    setKeepAlive.call(conn, true);
  } catch {
    // The connection was reset before it was served. The first read will fail.
  }
}

/**
 * Listens on an address.
 *
 * @param hostname An IPv4 or IPv6 address, or a host name.
 * @param port A TCP port; 0 for any free one.
 * @returns The listener; its `addr` has the port that was chosen.
 * @throws {ChatError} If the address is not this machine's, or the port is in use.
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
