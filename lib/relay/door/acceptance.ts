/**
 * From the system's queue to the relay: connections are accepted, and proxies say for whom they come.
 *
 * @module
 */

import { closeQuietly, type Departures } from "../peer/departure.ts";
import type { PeerConn } from "../peer/parts.ts";
import { formatRemote } from "../peer/network.ts";
import type { RelayEvent } from "../watch/events.ts";
import type { RelayStats } from "../watch/stats.ts";
import type { Entrance } from "./entrance.ts";
import { acceptAll, prepare } from "./listener.ts";
import { SILENT_ENDS } from "./probes.ts";
import type { Proxies } from "./proxies.ts";

/** What an {@linkcode Acceptance} is made of. */
export interface AcceptanceParts {
  /** Whose connections begin with a header; undefined for nobody's. */
  readonly proxies?: Pick<Proxies, "isNamed" | "introduce" | "awaited" | "hasRoom">;
  /** Tells when another connection may be accepted. */
  readonly entrance: Pick<Entrance, "untilOpen">;
  /** Says a last line to a connection without its header. */
  readonly departures: Pick<Departures, "dismiss">;
  /** Takes a connection. Settles when another one may be accepted. */
  readonly arrive: (conn: PeerConn) => Promise<void>;
  readonly report: (event: RelayEvent) => void;
  /** The numbers in which connections of proxies are counted. */
  readonly stats: Pick<RelayStats, "closed" | "proxyHeaders">;
}

/** Accepts connections, and waits for nobody's header. */
export class Acceptance {
  readonly #parts: AcceptanceParts;
  readonly #introducing = new Set<Promise<void>>();

  constructor(parts: AcceptanceParts) {
    this.#parts = parts;
  }

  /** How many connections are accepted of which the header has not come. */
  get awaited(): number {
    return this.#parts.proxies?.awaited ?? 0;
  }

  /** Whether one more of those can be accepted. */
  get hasRoom(): boolean {
    return this.#parts.proxies?.hasRoom ?? true;
  }

  /** Accepts connections until `signal` aborts. The caller closes the listener then. */
  async serve(listener: Deno.Listener, signal: AbortSignal): Promise<void> {
    const { proxies, entrance, arrive, report } = this.#parts;
    for await (const conn of acceptAll(listener, signal, report)) {
      if (proxies?.isNamed(conn.remoteAddr)) this.#introduce(proxies, conn, signal);
      else await arrive(conn);
      await entrance.untilOpen(signal);
    }
    await Promise.all(this.#introducing);
  }

  #introduce(
    proxies: Pick<Proxies, "introduce">,
    conn: Deno.Conn,
    signal: AbortSignal,
  ): void {
    const introducing = this.#meet(proxies, conn, signal);
    this.#introducing.add(introducing);
    introducing.finally(() => this.#introducing.delete(introducing));
  }

  /** Its place in the log begins when the header has come: it holds nothing of the log until then. */
  async #meet(
    proxies: Pick<Proxies, "introduce">,
    conn: Deno.Conn,
    signal: AbortSignal,
  ): Promise<void> {
    const { departures, arrive, report, stats } = this.#parts;
    prepare(conn);
    const { result, conn: told } = await proxies.introduce(conn, signal);
    stats.proxyHeaders[result]++;
    if (signal.aborted) return closeQuietly(conn);
    if (told) return await arrive(told);
    const reason = result === "http" ? "http" : result === "none" ? "probe" : "no proxy header";
    stats.closed[reason]++;
    if (!SILENT_ENDS.includes(reason)) {
      report({ kind: "refused", reason, address: formatRemote(conn.remoteAddr) });
    }
    await departures.dismiss(conn, reason);
  }
}
