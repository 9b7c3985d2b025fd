/**
 * Connecting to where a relay should be.
 *
 * @module
 */

import { ChatError, UnknownHostError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatHostPort } from "../text/host_port.ts";
import { CONNECT_TIMEOUT_MS } from "./limits.ts";

/**
 * Connects to an address, within 10 s.
 *
 * @param address An IPv4 or IPv6 address without brackets, or a host name; and a port.
 * @throws {UnknownHostError} If no host has that name.
 * @throws {ChatError} If nobody answers there.
 */
export async function dial(
  { hostname, port }: { readonly hostname: string; readonly port: number },
): Promise<Deno.TcpConn> {
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
