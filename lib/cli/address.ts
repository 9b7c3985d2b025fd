/**
 * Reads addresses and ports, as people write them.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";

/** Lowest TCP port that a server listens on: the ports below need root. 0 means any free port. */
export const MIN_PORT = 1024;
/** Highest TCP port. */
export const MAX_PORT = 65_535;

/** Addresses that a client tries in turn: more relays than any room has. */
export const MAX_ADDRESSES = 16;

/** An address to listen on, or to connect to. */
export interface Address {
  /** An IPv4 or IPv6 address without brackets, or a host name. */
  readonly hostname: string;
  readonly port: number;
}

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4_PATTERN = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
/** A name whose last label has only digits is refused: it would be a mistyped IPv4 address. */
const HOSTNAME_PATTERN = new RegExp(`^(?:${LABEL}\\.)*(?![0-9]+\\.?$)${LABEL}\\.?$`);
/** Longest host name of DNS, in characters. */
const MAX_HOSTNAME_CHARS = 253;

/**
 * Reads an IP address or a host name.
 *
 * @param text An IPv4 address, an IPv6 address with or without brackets, or a host name.
 * @returns The same without brackets.
 * @throws {UsageError} If the text is none of these.
 */
export function parseHostname(text: string): string {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (bare.includes(":") ? isIPv6(bare) : isIPv4OrName(text)) return bare;
  throw new UsageError(
    worded("Not an address: {text}", { text: JSON.stringify(text) }),
    worded("Use an IPv4 or IPv6 address or a host name, such as 127.0.0.1."),
  );
}

/**
 * Reads where the relays of a room are.
 *
 * @param hosts One address; or several with commas between them, of which any may have a port of its
 * own behind it, such as `[::1]:5051`.
 * @param port The port of those that have none.
 * @returns The addresses in their order.
 * @throws {UsageError} If one of them is no address, there are more than 16, or a port is none.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseAddresses("a.example,b.example:5051", "5050"), [
 *   { hostname: "a.example", port: 5050 },
 *   { hostname: "b.example", port: 5051 },
 * ]);
 * ```
 */
export function parseAddresses(hosts: string, port: string): [Address, ...Address[]] {
  const [first = "", ...others] = hosts.split(",").map((each) => each.trim());
  const common = parseConnectPort(port);
  if (others.length === 0) return [{ hostname: parseHostname(first), port: common }];
  if (others.length >= MAX_ADDRESSES) {
    throw new UsageError(worded("More than {most} addresses", { most: MAX_ADDRESSES }));
  }
  const parse = (text: string) => parseListed(text, common);
  return [parse(first), ...others.map(parse)];
}

function parseListed(text: string, port: number): Address {
  const [, host, own] = /^(\[[^\]]*\]|[^:]*):([0-9]+)$/.exec(text) ?? [];
  if (host === undefined || own === undefined) return { hostname: parseHostname(text), port };
  return { hostname: parseHostname(host), port: parseConnectPort(own) };
}

function isIPv4OrName(text: string): boolean {
  if (IPV4_PATTERN.test(text)) return true;
  return text.length <= MAX_HOSTNAME_CHARS && HOSTNAME_PATTERN.test(text);
}

function isIPv6(text: string): boolean {
  const address = /^([0-9A-Fa-f:.]+)(?:%[0-9A-Za-z_.-]+)?$/.exec(text)?.[1];
  return address !== undefined && URL.canParse(`http://[${address}]/`);
}

/**
 * Reads the port that a server listens on.
 *
 * @param text 0 for any free port, or a number from 1024 to 65535.
 * @throws {UsageError} If the text is anything else.
 */
export function parseListenPort(text: string): number {
  const port = parsePortNumber(text);
  if (port > 0 && port < MIN_PORT) {
    throw new UsageError(
      worded("Port {port} is reserved: ports below {lowest} belong to the system", {
        port,
        lowest: MIN_PORT,
      }),
      worded("Choose a port from {lowest} to {highest}, or 0 for any free one.", {
        lowest: MIN_PORT,
        highest: MAX_PORT,
      }),
    );
  }
  return port;
}

/**
 * Reads the port that a client connects to.
 *
 * @param text A number from 1 to 65535.
 * @throws {UsageError} If the text is anything else.
 */
export function parseConnectPort(text: string): number {
  const port = parsePortNumber(text);
  if (port === 0) {
    throw new UsageError(
      worded("Port 0 cannot be connected to"),
      worded("The server prints its port."),
    );
  }
  return port;
}

/**
 * Reads an address and a port that are written in one text.
 *
 * @param text Both, with blanks or a colon between them: `127.0.0.1 5050`, `[::1]:5050`.
 * @throws {UsageError} If the text is anything else, or the port is none to connect to.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseAddress("::1 5050"), { hostname: "::1", port: 5050 });
 * assert.deepEqual(parseAddress("[::1]:5050"), { hostname: "::1", port: 5050 });
 * ```
 */
export function parseAddress(text: string): Address {
  const [, ip, port] = /^\s*(\S+?)(?:\s+|(?<!:[^\]]*):)(\d+)\s*$/.exec(text) ?? [];
  if (ip !== undefined) return { hostname: parseHostname(ip), port: parseConnectPort(port!) };
  throw new UsageError(
    worded("Not an address and a port: {text}", { text: JSON.stringify(text) }),
    worded("Enter both, such as {example}.", { example: "127.0.0.1 5050" }),
  );
}

function parsePortNumber(text: string): number {
  const port = Number(text);
  if (/^[0-9]{1,5}$/.test(text) && port <= MAX_PORT) return port;
  throw new UsageError(
    worded("Not a port: {text}", { text: JSON.stringify(text) }),
    worded("Use a whole number up to {highest}.", { highest: MAX_PORT }),
  );
}
