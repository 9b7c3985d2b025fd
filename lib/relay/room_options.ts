/**
 * What a room is made with.
 *
 * @module
 */

import type { Carrier } from "./carrier.ts";
import type { BacklogStore } from "./log/keeper.ts";
import type { RelayEvent } from "./watch/events.ts";
import type { RelayStats } from "./watch/stats.ts";

/** Settings of a room. */
export interface RoomOptions {
  /** Lines of the backlog. */
  readonly backlogLines: number;
  /** Bytes above which the log is full; 64 MiB by default. */
  readonly maxLogBytes?: number;
  /** Whether rates hold. */
  readonly rateLimit: boolean;
  /** The numbers that the room counts in. */
  readonly stats: RelayStats;
  /** Keeps the backlog over a restart; undefined for no such store. */
  readonly store?: BacklogStore;
  /** Brings lines into an order that other relays share; undefined for a relay that is alone. */
  readonly carrier?: Carrier;
  /** Is told who becomes a client, and of trouble with the store. */
  readonly report?: (event: RelayEvent) => void;
  /** A clock that never runs back, in ms; `performance.now()` by default. */
  readonly now?: () => number;
}
