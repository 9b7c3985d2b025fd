/**
 * Listening, and accepting connections. Accepting goes on after a failure.
 *
 * @module
 */

import { ACCEPT_RECOVERY_MS, ACCEPT_RETRY_MS } from "../limits.ts";
import type { PeerConn } from "../peer/parts.ts";
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
 * ends it some time after the other side is gone. A connection with TLS was set up before.
 */
export function prepare(conn: PeerConn | Deno.Conn): void {
  // A proxy's connection was prepared when its header was read, and one with TLS before that was on it.
  if (!("setNoDelay" in conn)) return;
  try {
    const { setNoDelay, setKeepAlive } = conn as Deno.TcpConn;
    setNoDelay.call(conn, true);
    setKeepAlive.call(conn, true);
  } catch {
    // The connection was reset before it was served. The first read will fail.
  }
}
