/**
 * The header with which a proxy says for whom it connects: PROXY protocol, versions 1 and 2.
 *
 * @module
 * @see https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt
 */

/** Longest header of version 1, in bytes, as its specification has it. */
export const MAX_TEXT_HEADER_BYTES = 107;
/** Longest header that is taken, in bytes: addresses, and what some proxies add about TLS. */
export const MAX_PROXY_HEADER_BYTES = 4096;

/** Where a connection came from. */
export interface Source {
  /** An IPv4 or IPv6 address in its common form, without brackets. */
  readonly hostname: string;
  /** A port from 0 to 65535. */
  readonly port: number;
}

/** A whole header. */
export interface ProxyHeader {
  /** Its length in bytes. What follows is the client's. */
  readonly bytes: number;
  /** Whose connection it is; undefined if it is the proxy's own, or of no TCP address. */
  readonly source: Source | undefined;
}

const encoder = new TextEncoder();
const TEXT_SIGNATURE = encoder.encode("PROXY ");
const BINARY_SIGNATURE = encoder.encode("\r\n\r\n\0\r\nQUIT\n");
/** Bytes of a binary header before its addresses. */
const FIXED_BYTES = 16;
/** The first byte behind the signature: the version, and whose connection it is. */
const LOCAL = 0x20;
const PROXIED = 0x21;
/** Bytes of one address, by the high half of the family's byte: none, IPv4, IPv6, a path. */
const ADDRESS_BYTES = [0, 4, 16, 108] as const;
/** The low half of that byte for TCP. */
const STREAM = 1;

const PORT = "(0|[1-9][0-9]{0,4})";
const TEXT_HEADER = new RegExp(
  `^PROXY (?:UNKNOWN(?: [ -~]*)?|(TCP[46]) ([0-9A-Fa-f:.]+) ([0-9A-Fa-f:.]+) ${PORT} ${PORT})$`,
);
const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/**
 * Reads the header at the beginning of what a proxy sent.
 *
 * @param bytes All that came so far.
 * @returns The header; undefined if it has not ended yet.
 * @throws {SyntaxError} At the first byte from which on it can be no header.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = new TextEncoder().encode("PROXY TCP4 192.0.2.7 192.0.2.1 50312 5050\r\n!PING 1\n");
 * const source = { hostname: "192.0.2.7", port: 50312 };
 * assert.deepEqual(readProxyHeader(bytes), { bytes: 43, source });
 * assert.equal(readProxyHeader(bytes.subarray(0, 42)), undefined);
 * ```
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader | undefined {
  if (beginsAs(bytes, TEXT_SIGNATURE)) return readText(bytes);
  if (beginsAs(bytes, BINARY_SIGNATURE)) return readBinary(bytes);
  throw malformed();
}

/** Whether bytes and signature are equal as far as both go. */
function beginsAs(bytes: Uint8Array, signature: Uint8Array): boolean {
  const length = Math.min(bytes.length, signature.length);
  return signature.subarray(0, length).every((byte, i) => bytes[i] === byte);
}

function readText(bytes: Uint8Array): ProxyHeader | undefined {
  const head = bytes.subarray(0, MAX_TEXT_HEADER_BYTES);
  const end = head.indexOf(0x0a);
  if (end === -1 && head.length < MAX_TEXT_HEADER_BYTES) return undefined;
  const text = new TextDecoder("latin1").decode(head.subarray(0, end + 1));
  const match = text.endsWith("\r\n") ? TEXT_HEADER.exec(text.slice(0, -2)) : null;
  if (!match) throw malformed();
  const [, family, from, to, fromPort, toPort] = match;
  if (family === undefined) return { bytes: end + 1, source: undefined };
  const [hostname, target] = [from!, to!].map(family === "TCP4" ? readIpv4 : readIpv6);
  const port = Number(fromPort);
  if (!hostname || !target || port > 0xffff || Number(toPort) > 0xffff) throw malformed();
  return { bytes: end + 1, source: { hostname, port } };
}

function readBinary(bytes: Uint8Array): ProxyHeader | undefined {
  const [command, family = 0] = bytes.subarray(BINARY_SIGNATURE.length);
  if (command !== undefined && command !== LOCAL && command !== PROXIED) throw malformed();
  if (bytes.length < FIXED_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const length = FIXED_BYTES + view.getUint16(FIXED_BYTES - 2);
  if (length > MAX_PROXY_HEADER_BYTES) throw malformed();
  const own = { bytes: length, source: undefined };
  if (command === LOCAL) return bytes.length < length ? undefined : own;
  const size = ADDRESS_BYTES[family >> 4];
  const transport = family & 0x0f;
  if (size === undefined || transport > 2 || (size === 0) !== (transport === 0)) throw malformed();
  const ports = size === 4 || size === 16 ? 4 : 0;
  if (length < FIXED_BYTES + 2 * size + ports) throw malformed();
  if (bytes.length < length) return undefined;
  if (ports === 0 || transport !== STREAM) return own;
  const address = bytes.subarray(FIXED_BYTES, FIXED_BYTES + size);
  const hostname = size === 4 ? address.join(".") : readIpv6(formatGroups(address))!;
  return { bytes: length, source: { hostname, port: view.getUint16(FIXED_BYTES + 2 * size) } };
}

function readIpv4(text: string): string | undefined {
  return IPV4.test(text) ? text : undefined;
}

/** Puts an IPv6 address into its common form; undefined if it is none. */
function readIpv6(text: string): string | undefined {
  return text.includes(":") ? URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1) : undefined;
}

function formatGroups(address: Uint8Array): string {
  return Array.from({ length: 8 }, (_, i) => address.subarray(2 * i, 2 * i + 2).toHex()).join(":");
}

function malformed(): SyntaxError {
  return new SyntaxError("Cannot read PROXY header: it is malformed");
}
