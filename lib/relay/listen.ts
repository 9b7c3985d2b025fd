/**
 * Opening the relay's port.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { TCP_BACKLOG } from "../limits.ts";

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
    return new ChatError(`Cannot listen: port ${port} is in use`, {
      cause,
      hint: "Another server may be running. Choose another port, or 0 for any free one.",
    });
  }
  if (cause instanceof Error && /lookup|resolve|nodename|known/i.test(cause.message)) {
    return new ChatError(`Cannot listen: there is no host called ${hostname}`, { cause });
  }
  return new ChatError(`Cannot listen: ${hostname} is not an address of this machine`, {
    cause,
    hint: "Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its networks.",
  });
}
