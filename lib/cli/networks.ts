/**
 * Reads lists of addresses and networks.
 *
 * @module
 */

import { worded } from "../messages/wording.ts";
import type { Network } from "../relay/door/proxies.ts";
import { refuseValue } from "./values.ts";

/** Bits of an address, and how the number of bits of a network is written, by family. */
const FAMILIES = {
  ipv4: { bits: 32, pattern: /^(?:[0-9]|[12][0-9]|3[0-2])$/ },
  ipv6: { bits: 128, pattern: /^(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])$/ },
} as const;

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/**
 * Reads the value of an option that names networks.
 *
 * @param name The option.
 * @param text Addresses, or networks as `10.0.0.0/8`, with commas between them.
 * @throws {UsageError} If a part is neither: host names are not taken, as they may change.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseNetworks("proxy-protocol", "10.0.0.0/8,::1"), [
 *   { hostname: "10.0.0.0", bits: 8 },
 *   { hostname: "::1", bits: 128 },
 * ]);
 * ```
 */
export function parseNetworks(name: string, text: string): Network[] {
  return text.split(",").map((part) => {
    const network = parseNetwork(part);
    if (network) return network;
    const hint = worded("Use addresses or networks, such as 127.0.0.1,10.0.0.0/8,::1.");
    throw refuseValue(worded("Option --{name}", { name }), text, hint);
  });
}

function parseNetwork(text: string): Network | undefined {
  const [hostname, size, ...more] = text.split("/") as [string, ...string[]];
  const isIpv6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/.test(hostname);
  if (more.length > 0 || !(isIpv6 ? URL.canParse(`http://[${hostname}]/`) : IPV4.test(hostname))) {
    return undefined;
  }
  const { bits, pattern } = FAMILIES[isIpv6 ? "ipv6" : "ipv4"];
  if (size === undefined) return { hostname, bits };
  return pattern.test(size) ? { hostname, bits: Number(size) } : undefined;
}
