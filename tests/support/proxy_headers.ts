/**
 * Headers of the PROXY protocol, version 2, as a proxy writes them.
 *
 * @module
 */

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

/** A header with any command and family, right or wrong, in front of a block of addresses. */
export function binaryHeader(command: number, family: number, block: Uint8Array): Uint8Array {
  const { length } = block;
  return new Uint8Array([...SIGNATURE, command, family, length >> 8, length & 255, ...block]);
}

/** The addresses of a connection over IPv4, and what may follow them. */
export function ipv4Block(from: string, port: number, more = new Uint8Array()): Uint8Array {
  const source = from.split(".").map(Number);
  return new Uint8Array([...source, 192, 0, 2, 1, port >> 8, port & 255, 0, 80, ...more]);
}

/** The addresses of a connection over IPv6, whose source is 32 hexadecimal digits. */
export function ipv6Block(from: string, port: number): Uint8Array {
  const source = Uint8Array.fromHex(from);
  return new Uint8Array([...source, ...new Uint8Array(16), port >> 8, port & 255, 0, 80]);
}
