/**
 * The numbers of a relay that shares its room, in the form that Prometheus reads.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import { Counter, Gauge, type Registry } from "prom-client";
import type { ClusterStats } from "./stats.ts";

const GAUGES: readonly [name: string, read: (stats: ClusterStats) => number, help: string][] = [
  [
    "chat_cluster_connected",
    ({ isConnected }) => isConnected ? 1 : 0,
    "Whether lines get into the stream now.",
  ],
  [
    "chat_cluster_outbox_bytes",
    ({ outboxBytes }) => outboxBytes,
    "Bytes that are not in the stream, or have not come back.",
  ],
  ["chat_cluster_relays", ({ relays }) => relays, "Other relays of the room now."],
  ["chat_cluster_members", ({ members }) => members, "Members at other relays now."],
];

/** A number of {@linkcode ClusterStats} that only grows. */
type Count = "published" | "resent" | "taken" | "refused" | "missing";

const COUNTERS: readonly [name: string, count: Count, help: string][] = [
  ["chat_cluster_published_total", "published", "Entries that were published."],
  ["chat_cluster_resent_total", "resent", "Entries that were published again."],
  ["chat_cluster_taken_total", "taken", "Entries that came from the stream and were taken."],
  ["chat_cluster_refused_total", "refused", "Entries that no relay of the room writes."],
  ["chat_cluster_missing_total", "missing", "Entries that were not found."],
];

/**
 * Adds the numbers of a cluster.
 *
 * @param registry What Prometheus scrapes.
 * @param stats Is called once for each number at every scrape.
 */
export function addClusterMetrics(registry: Registry, stats: () => ClusterStats | undefined): void {
  const registers = [registry];
  for (const [name, read, help] of GAUGES) {
    new Gauge({
      name,
      help,
      registers,
      collect: function () {
        const now = stats();
        this.set(now ? read(now) : 0);
      },
    });
  }
  for (const [name, count, help] of COUNTERS) {
    new Counter({
      name,
      help,
      registers,
      collect: function () {
        this.reset();
        this.inc(stats()?.[count] ?? 0);
      },
    });
  }
}
