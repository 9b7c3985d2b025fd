/**
 * What is told of a cluster: not more often than anybody wants to read it.
 *
 * @module
 */

import type { ClusterEvent } from "../relay/watch/events.ts";
import type { ClusterStats } from "../relay/watch/stats.ts";
import { WAITING_NOTICE_MS } from "./limits.ts";

/** What {@linkcode Notices} work with. */
export interface NoticesParts {
  readonly report: (event: ClusterEvent) => void;
  /** A clock in ms that never runs back. */
  readonly now: () => number;
  /** The numbers in which things are counted. */
  readonly stats: ClusterStats;
}

/** What can keep lines from the stream, or from coming back. */
type Side = "publish" | "follow";

/** Reports what lasts once a minute, and counts what comes in crowds. */
export class Notices {
  readonly #parts: NoticesParts;
  readonly #toldAt = new Map<ClusterEvent["kind"], number>();
  /** Why lines are held, by side. */
  readonly #held = new Map<Side, string>();
  #isConnected = false;
  /** Refusals that were not told of. */
  #refused = 0;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  /** Notes that there is a connection. */
  connect(message: string): void {
    this.#isConnected = true;
    this.#toldAt.delete("cluster waiting");
    this.#parts.report({ kind: "cluster connected", message });
    this.#count();
  }

  /** Notes that there is none any more. */
  disconnect(): void {
    this.#isConnected = false;
    this.#held.clear();
    this.#count();
  }

  /** Notes why there is no connection. */
  wait(message: string): void {
    this.#tell({ kind: "cluster waiting", message });
  }

  /** Notes what the servers do not let this relay do. */
  deny(message: string): void {
    this.#tell({ kind: "cluster held", message });
  }

  /** Notes why lines are held; undefined if they are not. */
  hold(side: Side, reason: string | undefined): void {
    if (reason === undefined) this.#held.delete(side);
    else this.#held.set(side, reason);
    if (reason !== undefined) this.#tell({ kind: "cluster held", message: reason });
    this.#count();
  }

  /** Notes an entry that no relay of the room writes, and what is wrong with it. */
  refuse(message: string): void {
    this.#parts.stats.refused++;
    this.#refused++;
    if (this.#tell({ kind: "cluster refused", message, count: this.#refused })) this.#refused = 0;
  }

  /** Notes entries of a relay that were not found. */
  miss(message: string, count: number): void {
    this.#parts.stats.missing += count;
    this.#parts.report({ kind: "cluster missing", message, count });
  }

  #count(): void {
    this.#parts.stats.isConnected = this.#isConnected && this.#held.size === 0;
  }

  #tell(event: ClusterEvent): boolean {
    const now = this.#parts.now();
    if (now - (this.#toldAt.get(event.kind) ?? -Infinity) < WAITING_NOTICE_MS) return false;
    this.#toldAt.set(event.kind, now);
    this.#parts.report(event);
    return true;
  }
}
