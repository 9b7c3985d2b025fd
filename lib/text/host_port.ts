/**
 * An address of the network: a host and a port.
 *
 * @module
 */

/**
 * Writes a host and a port as one word.
 *
 * @param hostname A name or an address, IPv6 without brackets.
 * @param port A port number.
 * @returns `127.0.0.1:5050` or `[::1]:5050`.
 */
export function formatHostPort(hostname: string, port: number): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
