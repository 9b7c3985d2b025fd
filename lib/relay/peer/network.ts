/**
 * The other end of a connection: its address for the log, and the network that answers for it.
 *
 * @module
 */

import { formatHostPort } from "../../text/host_port.ts";

/** Groups of an IPv6 address that a provider gives to one customer: a /64. */
const CUSTOMER_GROUPS = 4;

/**
 * Writes an address for the log.
 *
 * @param address The `remoteAddr` of a `Deno.Conn`.
 * @returns `ip:port`, IPv6 in brackets. For another transport than TCP, the transport's name.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const address = { transport: "tcp", hostname: "::1", port: 5050 } as const;
 * assert.equal(formatRemote(address), "[::1]:5050");
 * ```
 */
export function formatRemote(address: Deno.Addr): string {
  if (address.transport !== "tcp") return address.transport;
  return formatHostPort(address.hostname, address.port);
}

/**
 * Names the network that is held responsible for an address.
 *
 * @param remote The `remoteAddr` of a `Deno.Conn`.
 * @returns The IPv4 address, also where it is mapped into IPv6. For IPv6, the first 64 bits and
 * `/64`. For another transport than TCP, the transport's name.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const address = { transport: "tcp", hostname: "::ffff:192.0.2.7", port: 5050 } as const;
 * assert.equal(networkOf(address), "192.0.2.7");
 * ```
 */
export function networkOf(remote: Deno.Addr): string {
  if (remote.transport !== "tcp") return remote.transport;
  const { hostname } = remote;
  if (!hostname.includes(":")) return hostname;
  const [address] = hostname.split("%") as [string];
  const dotted = /^(.*:)([0-9]+)\.([0-9]+)\.([0-9]+)\.([0-9]+)$/.exec(address);
  const [, head, a, b, c, d] = dotted ?? [];
  const hex = (high?: string, low?: string) => (Number(high) * 256 + Number(low)).toString(16);
  const groups = expand(dotted ? `${head}${hex(a, b)}:${hex(c, d)}` : address);
  if (groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff) {
    const [high, low] = groups.slice(6) as [number, number];
    return [high >> 8, high & 255, low >> 8, low & 255].join(".");
  }
  const network = groups.slice(0, CUSTOMER_GROUPS).map((group) => group.toString(16)).join(":");
  return `${network}/64`;
}

/**
 * Tells whether a network is this machine: what comes from there may be of many people, such as
 * through a tunnel.
 *
 * @param network As {@linkcode networkOf} names it.
 */
export function isLoopbackNetwork(network: string): boolean {
  return network.startsWith("127.") || network === LOOPBACK_IPV6;
}

/** `::1` as {@linkcode networkOf} names its network. */
const LOOPBACK_IPV6 = "0:0:0:0/64";

/** The eight groups of an IPv6 address. */
function expand(address: string): number[] {
  const [left = "", right] = address.split("::");
  const parse = (text: string) =>
    text === "" ? [] : text.split(":").map((part) => parseInt(part, 16));
  const head = parse(left);
  if (right === undefined) return head;
  const tail = parse(right);
  const zeros = new Array<number>(Math.max(0, 8 - head.length - tail.length)).fill(0);
  return [...head, ...zeros, ...tail];
}
