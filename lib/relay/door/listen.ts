/**
 * Listening wherever an address or a name leads.
 *
 * @module
 */

import { ChatError } from "../../errors.ts";
import type { Phrase } from "../../messages/phrases.ts";
import { worded, type Wording } from "../../messages/wording.ts";
import { TCP_BACKLOG } from "../limits.ts";

/** Ports that are tried where any free one is wanted on several addresses. */
const MAX_PORTS_TRIED = 20;

/** Where to listen. */
export interface Place {
  /** An IPv4 or IPv6 address without brackets, or a host name. */
  readonly hostname: string;
  /** A TCP port; 0 for any free one. */
  readonly port: number;
}

/** How a failure is spoken of. */
export interface ListenFailure {
  readonly cannot: Extract<Phrase, `Cannot ${"listen" | "serve metrics"}: {reason}`>;
  /** What to do about a port that is in use. */
  readonly inUse: Wording;
  /** What to do about an address that cannot be used. */
  readonly elsewhere: Wording;
}

const RELAY: ListenFailure = {
  cannot: "Cannot listen: {reason}",
  inUse: worded("Another server may be running. Choose another port, or 0 for any free one."),
  elsewhere: worded("Use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its networks."),
};

/** Finds the addresses of a host name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/**
 * Listens on an address, or on all addresses that a name has, at one port.
 *
 * Of the addresses of a name those count that are this machine's. `::` is all addresses of both
 * families, also where the system has it mean IPv6 alone.
 *
 * @param place Where.
 * @param failure How a failure is spoken of; as one of the relay unless it is given.
 * @param resolve Finds a name's addresses, as the system does unless it is given.
 * @returns The listeners, one at least; `addr` has the port that was chosen.
 * @throws {ChatError} If no such address is this machine's, or the port is in use on one.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const listeners = await listen({ hostname: "127.0.0.1", port: 0 });
 * assert.equal(listeners.length, 1);
 * listeners[0]!.close();
 * ```
 */
export async function listen(
  place: Place,
  failure: ListenFailure = RELAY,
  resolve: Resolve = resolveBySystem,
): Promise<Deno.TcpListener[]> {
  const { hostname, port } = place;
  try {
    if (isEveryAddress(hostname)) return listenOnBoth(hostname, port);
    if (isAddress(hostname)) return [listenAt(hostname, port)];
    const addresses = [...new Set(await resolve(hostname))];
    for (let tried = 1;; tried++) {
      try {
        return listenAtEach(addresses, port);
      } catch (error) {
        const isTaken = error instanceof Deno.errors.AddrInUse;
        if (!isTaken || port !== 0 || tried === MAX_PORTS_TRIED) throw error;
      }
    }
  } catch (cause) {
    throw explain(cause, place, failure);
  }
}

async function resolveBySystem(hostname: string): Promise<string[]> {
  // Loaded only for names. Deno.resolveDns() does not look into the system's own table of hosts.
  const { lookup } = await import("node:dns/promises");
  return (await lookup(hostname, { all: true })).map(({ address }) => address);
}

/** Listens on the addresses that are this machine's, at the port that the first one got. */
function listenAtEach(addresses: readonly string[], port: number): Deno.TcpListener[] {
  using opened = new DisposableStack();
  const listeners: Deno.TcpListener[] = [];
  let failed: unknown;
  for (const address of addresses) {
    try {
      listeners.push(opened.use(listenAt(address, listeners[0]?.addr.port ?? port)));
    } catch (error) {
      // A client that tries this address would reach whoever has the port there.
      if (error instanceof Deno.errors.AddrInUse) throw error;
      failed ??= error;
    }
  }
  if (listeners.length === 0) throw failed;
  opened.move();
  return listeners;
}

function listenOnBoth(hostname: string, port: number): Deno.TcpListener[] {
  const ipv6 = listenAt(hostname, port);
  try {
    return [ipv6, listenAt("0.0.0.0", ipv6.addr.port)];
  } catch {
    // The rule: the first one has IPv4, too. Else there is no IPv4 here.
    return [ipv6];
  }
}

function listenAt(hostname: string, port: number): Deno.TcpListener {
  if (isForMany(hostname)) throw new MulticastError(hostname);
  return Deno.listen({ hostname, port, tcpBacklog: TCP_BACKLOG });
}

/** The system may let one listen there, but nobody can connect. */
class MulticastError extends Error {
  override readonly name = "MulticastError";
}

function isAddress(hostname: string): boolean {
  return hostname.includes(":") || /^[0-9]+(?:\.[0-9]+){3}$/.test(hostname);
}

/** Whether it is `::`, however that is written. */
function isEveryAddress(hostname: string): boolean {
  return /^[0:]+$/.test(hostname) && hostname.includes(":");
}

function isForMany(address: string): boolean {
  return /^(?:22[4-9]|23[0-9])\.|^255\.255\.255\.255$|^ff[0-9a-f]{2}:/i.test(address);
}

function explain(cause: unknown, { hostname, port }: Place, failure: ListenFailure): ChatError {
  const { cannot, inUse, elsewhere } = failure;
  const fail = (reason: Wording, hint?: Wording) =>
    new ChatError(worded(cannot, { reason }), { cause, hint });
  const message = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof Deno.errors.AddrInUse) {
    return fail(worded("port {port} is in use", { port }), inUse);
  }
  if (cause instanceof MulticastError) {
    const values = { host: hostname };
    return fail(worded("{host} is for many machines: nobody can connect to it", values), elsewhere);
  }
  if (/^Too many open files/.test(message)) {
    const hint = worded("Allow more of them, such as with: ulimit -n 1024");
    return fail(worded("there are too few file descriptors"), hint);
  }
  if (/^fe[89ab][0-9a-f]:[^%]*$/i.test(hostname)) {
    const values = { address: `${hostname}%eth0` };
    const hint = worded("Write the network interface behind it, as in {address}.", values);
    return fail(worded("{host} does not say on which network", { host: hostname }), hint);
  }
  if (hostname.includes("%")) {
    const values = { host: hostname };
    return fail(worded("{host} is not an address of this machine", values), elsewhere);
  }
  if (/lookup|resolve|nodename|known|ENOTFOUND|EAI_/i.test(message)) {
    return fail(worded("there is no host called {host}", { host: hostname }));
  }
  return fail(worded("{host} is not an address of this machine", { host: hostname }), elsewhere);
}
