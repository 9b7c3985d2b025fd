/**
 * Connecting to where a relay should be.
 *
 * @module
 */

import { ChatError, UnknownHostError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatHostPort } from "../text/host_port.ts";
import type { RelayAddress } from "./relays.ts";
import { CONNECT_TIMEOUT_MS, HANDSHAKE_TIMEOUT_MS } from "./limits.ts";

/** A connection to a relay, with TLS or without. */
export type RelayConn = Pick<Deno.TcpConn, "read" | "write" | "closeWrite" | "close">;

/**
 * Puts TLS on a connection to an address. It closes the connection if it fails.
 *
 * @throws {ChatError} If the other side is not who it should be.
 */
export type Secure = (conn: Deno.TcpConn, address: string) => Promise<RelayConn>;

/** Where a relay is. */
export interface RelayPlace extends RelayAddress {
  /** Puts TLS on the connection; undefined for none. */
  readonly secure?: Secure;
}

/**
 * Connects to a relay, within 10 s; TLS may take 10 s more.
 *
 * @throws {UnknownHostError} If no host has that name.
 * @throws {ChatError} If nobody answers there, or it is not who it should be.
 */
export async function dial(place: RelayPlace): Promise<RelayConn> {
  const conn = await connect(place);
  try {
    conn.setNoDelay(true);
  } catch {
    // The other side has closed it. The first read fails.
  }
  if (!place.secure) return conn;
  const timer = setTimeout(() => conn.close(), HANDSHAKE_TIMEOUT_MS);
  try {
    return await place.secure(conn, formatHostPort(place.hostname, place.port));
  } finally {
    clearTimeout(timer);
  }
}

async function connect({ hostname, port }: RelayAddress): Promise<Deno.TcpConn> {
  try {
    const signal = AbortSignal.timeout(CONNECT_TIMEOUT_MS);
    return await Deno.connect({ hostname, port, signal });
  } catch (cause) {
    const isName = !hostname.includes(":");
    if (isName && cause instanceof Error && /lookup|resolve|nodename|known/i.test(cause.message)) {
      throw new UnknownHostError(hostname, { cause });
    }
    if (cause instanceof Error && /^Too many open files/.test(cause.message)) {
      const reason = worded("there are too few file descriptors");
      const hint = worded("Allow more of them, such as with: ulimit -n 1024");
      throw new ChatError(worded("Cannot connect: {reason}", { reason }), { cause, hint });
    }
    const address = formatHostPort(hostname, port);
    throw new ChatError(worded("Cannot connect: no server answers at {address}", { address }), {
      cause,
      hint: /^fe[89ab][0-9a-f]:[^%]*$/i.test(hostname)
        ? worded("Write the network interface behind it, as in {address}.", {
          address: `${hostname}%eth0`,
        })
        : worded("Check the address and the port, and that the server is running."),
    });
  }
}
