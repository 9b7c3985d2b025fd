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
  /** The server, while there is a connection. */
  #place: string | undefined;
  /** What was told last: whether lines get into the stream, and whether over this connection. */
  #isToldFlowing = false;
  #isToldConnected = false;
  /** Refusals that were not told of. */
  #refused = 0;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
  }

  /** Notes that there is a connection, over which nothing was read yet. */
  connect(place: string): void {
    this.#place = place;
    this.#isToldConnected = false;
    this.#held.set("follow", "nothing was read yet");
    this.#count();
  }

  /** Notes that there is none any more, and why; undefined if nobody is to be told. */
  disconnect(reason: string | undefined): void {
    const message = `${this.#place}: ${reason}`;
    this.#place = undefined;
    this.#held.clear();
    this.#count();
    if (reason === undefined) return;
    // A connection that was never of use, such as without a stream, is told of once a minute.
    if (!this.#isToldFlowing) return this.wait(message);
    this.#isToldFlowing = false;
    this.#parts.report({ kind: "cluster lost", message });
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
    this.#count();
    if (reason === undefined) this.#tellFlowing();
    else if (this.#tell({ kind: "cluster held", message: reason })) this.#isToldFlowing = false;
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
    this.#parts.stats.isConnected = this.#place !== undefined && this.#held.size === 0;
  }

  /** Tells that lines get into the stream, unless that was told last. */
  #tellFlowing(): void {
    if (!this.#parts.stats.isConnected || this.#isToldFlowing) return;
    const kind = this.#isToldConnected ? "cluster again" : "cluster connected";
    this.#isToldFlowing = this.#isToldConnected = true;
    this.#toldAt.delete("cluster waiting");
    this.#parts.report({ kind, message: this.#place! });
  }

  #tell(event: ClusterEvent): boolean {
    const now = this.#parts.now();
    if (now - (this.#toldAt.get(event.kind) ?? -Infinity) < WAITING_NOTICE_MS) return false;
    this.#toldAt.set(event.kind, now);
    this.#parts.report(event);
    return true;
  }
}
