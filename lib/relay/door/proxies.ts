/**
 * Connections that come through a proxy, which says for whom it connects.
 *
 * The server imports this module only if there are proxies.
 *
 * @module
 * @see docs/PROTOCOL.md, "Checks and proxies"
 */

import { BlockList } from "node:net";
import type { PeerConn } from "../peer/parts.ts";
import type { ProxyHeaderResult } from "../watch/events.ts";
import { isHttpRequest } from "./probes.ts";
import {
  MAX_PROXY_HEADER_BYTES,
  type ProxyHeader,
  readProxyHeader,
  type Source,
} from "./proxy_header.ts";

/** Time in which a proxy has to say for whom it connects, in ms: TCP may send the header twice. */
export const PROXY_HEADER_MS = 3000;
/** Connections of which the header is awaited, at once. Mostly it comes at once. */
export const MAX_PROXY_HEADERS = 256;

/** A network: an address, and how many of its first bits all of the network has. */
export interface Network {
  /** An IPv4 or IPv6 address without brackets. */
  readonly hostname: string;
  readonly bits: number;
}

/** What became of a connection of a proxy. */
export interface Introduction {
  readonly result: ProxyHeaderResult;
  /** The connection as of the address that the header tells; undefined if the header is not good. */
  readonly conn?: PeerConn;
}

/** Reads the headers of proxies. */
export class Proxies {
  readonly #named = new BlockList();
  readonly #maxMs: number;
  #awaited = 0;

  /**
   * @param networks Whose connections begin with a header.
   * @param maxMs Longest wait for a header, in ms; 3 s by default.
   */
  constructor(networks: readonly Network[], maxMs = PROXY_HEADER_MS) {
    this.#maxMs = maxMs;
    for (const { hostname, bits } of networks) {
      this.#named.addSubnet(hostname, bits, familyOf(hostname));
    }
  }

  /** How many headers are waited for. */
  get awaited(): number {
    return this.#awaited;
  }

  /** Whether another header can be waited for. */
  get hasRoom(): boolean {
    return this.#awaited < MAX_PROXY_HEADERS;
  }

  /** Tells whether an address is that of a proxy. */
  isNamed(remote: Deno.Addr): boolean {
    if (remote.transport !== "tcp") return false;
    const [address] = remote.hostname.split("%") as [string];
    return this.#named.check(address, familyOf(address));
  }

  /**
   * Reads the header of a connection.
   *
   * @param conn Comes from a named address, and nothing was read from it. If it gets no good header,
   * the caller closes it.
   * @param signal Ends the wait.
   */
  async introduce(conn: PeerConn, signal: AbortSignal): Promise<Introduction> {
    const { promise: over, resolve } = Promise.withResolvers<undefined>();
    const end = () => resolve(undefined);
    const timer = setTimeout(end, this.#maxMs);
    signal.addEventListener("abort", end);
    this.#awaited++;
    try {
      const buffer = new Uint8Array(MAX_PROXY_HEADER_BYTES);
      const state = { end: 0 };
      const header = await Promise.race([readHeader(conn, buffer, state), over]);
      if (header === undefined) return { result: recognize(buffer.subarray(0, state.end)) };
      const surplus = buffer.slice(header.bytes, state.end);
      const result = header.source ? "client" : "own";
      return { result, conn: new ProxiedConn(conn, header.source, surplus) };
    } finally {
      this.#awaited--;
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
    }
  }
}

/** Tells what came in place of a header: monitors need not know that the relay expects one. */
function recognize(bytes: Uint8Array): ProxyHeaderResult {
  if (bytes.length === 0) return "none";
  const line = bytes.subarray(0, bytes.indexOf(0x0a));
  return isHttpRequest(line.at(-1) === 0x0d ? line.subarray(0, -1) : line) ? "http" : "bad";
}

/** Reads up to the header's end; undefined if it is malformed, or the connection ends before. */
async function readHeader(
  conn: PeerConn,
  buffer: Uint8Array,
  state: { end: number },
): Promise<ProxyHeader | undefined> {
  try {
    for (;;) {
      const bytes = await conn.read(buffer.subarray(state.end));
      if (bytes === null) return undefined;
      const header = readProxyHeader(buffer.subarray(0, state.end += bytes));
      if (header) return header;
    }
  } catch {
    // Malformed, or the connection broke or was closed because the time was up.
    return undefined;
  }
}

/** A proxy's connection, as of the client that it is made for. */
class ProxiedConn implements PeerConn {
  readonly remoteAddr: Deno.Addr;
  readonly #conn: PeerConn;
  #surplus: Uint8Array;

  constructor(conn: PeerConn, source: Source | undefined, surplus: Uint8Array) {
    this.#conn = conn;
    this.#surplus = surplus;
    this.remoteAddr = source ? { transport: "tcp", ...source } : conn.remoteAddr;
  }

  read(target: Uint8Array): Promise<number | null> {
    if (this.#surplus.length === 0) return this.#conn.read(target);
    const bytes = Math.min(target.length, this.#surplus.length);
    target.set(this.#surplus.subarray(0, bytes));
    this.#surplus = this.#surplus.subarray(bytes);
    return Promise.resolve(bytes);
  }

  write(bytes: Uint8Array): Promise<number> {
    return this.#conn.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#conn.closeWrite();
  }

  close(): void {
    this.#conn.close();
  }
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return address.includes(":") ? "ipv6" : "ipv4";
}
