/**
 * The relay's numbers in the form that Prometheus reads.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Observability"
 */

import { Counter, Gauge, Registry, Summary } from "prom-client";
import { EVENT_LOOP_WINDOW_SECONDS } from "../limits.ts";
import { addClusterMetrics } from "./cluster_metrics.ts";
import type { RelayStats } from "./stats.ts";

/** Where the numbers come from. */
export interface MetricsSource {
  /** Is called once for each number at every scrape. */
  readonly stats: () => RelayStats;
  /** Bytes that the shared log may hold. */
  readonly maxLogBytes: number;
  /** Whether the relay shares its room with others; false by default. */
  readonly hasCluster?: boolean;
  /** The process's resident memory, in bytes. */
  readonly residentBytes: () => number;
}

/** Metrics that can be read. */
export interface Metrics {
  /** The registry that Prometheus scrapes. */
  readonly registry: Registry;
  /** Counts a delay of the event loop, in seconds. */
  observeDelay(seconds: number): void;
}

/** A numeric field of {@linkcode RelayStats}. */
type PlainCount =
  | "linesIn"
  | "bytesIn"
  | "deliveries"
  | "bytesOut"
  | "throttled"
  | "pipeBytes"
  | "backlogFailures";

const COUNTERS: readonly [name: string, count: PlainCount, help: string][] = [
  ["chat_lines_in_total", "linesIn", "Tokens taken from clients."],
  ["chat_bytes_in_total", "bytesIn", "Bytes of the tokens taken, with their line ends."],
  ["chat_deliveries_total", "deliveries", "Tokens times the clients that each went to."],
  ["chat_bytes_out_total", "bytesOut", "Bytes written to clients."],
  ["chat_pipe_bytes_total", "pipeBytes", "Bytes that went through pipes, both ways."],
  ["chat_throttled_total", "throttled", "Times that a client over its rate was not read from."],
  ["chat_backlog_failures_total", "backlogFailures", "Writes of the backlog file that failed."],
];

/**
 * Makes the metrics of a relay. Only the event loop's delay is counted here. All other numbers are
 * read from the relay at every scrape.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createStats } from "./stats.ts";
 * const source = { stats: createStats, maxLogBytes: 64, residentBytes: () => 0 };
 * const { registry } = createMetrics(source);
 * assert.match(await registry.metrics(), /^chat_log_limit_bytes 64$/m);
 * ```
 */
export function createMetrics(source: MetricsSource): Metrics {
  const { stats, maxLogBytes, residentBytes } = source;
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect: function () {
        this.set(read());
      },
    });
  const byReason = (name: string, help: string, read: () => Record<string, number>) =>
    new Counter({
      name,
      help,
      labelNames: ["reason"],
      registers,
      collect: function () {
        this.reset();
        for (const [reason, count] of Object.entries(read())) this.inc({ reason }, count);
      },
    });
  new Gauge({
    name: "chat_clients",
    help: "Clients in the room now.",
    labelNames: ["class"],
    registers,
    collect: function () {
      for (const [name, count] of Object.entries(stats().clients)) this.set({ class: name }, count);
    },
  });
  for (const [name, count, help] of COUNTERS) {
    new Counter({
      name,
      help,
      registers,
      collect: function () {
        this.reset();
        this.inc(stats()[count]);
      },
    });
  }
  new Counter({
    name: "chat_proofs_total",
    help: "Proofs of the room's key.",
    labelNames: ["result"],
    registers,
    collect: function () {
      this.reset();
      for (const [result, count] of Object.entries(stats().proofs)) this.inc({ result }, count);
    },
  });
  gauge("chat_slots", "Slots of invitations that are held now.", () => stats().slots);
  new Counter({
    name: "chat_invitations_total",
    help: "Slots asked for, and visitors that named one.",
    labelNames: ["result"],
    registers,
    collect: function () {
      this.reset();
      for (const [result, n] of Object.entries(stats().invitations)) this.inc({ result }, n);
    },
  });
  gauge("chat_waiting", "Connections that wait outside the room now.", () => stats().waiting);
  new Counter({
    name: "chat_proxy_headers_total",
    help: "Connections of proxies, by what they began with.",
    labelNames: ["result"],
    registers,
    collect: function () {
      this.reset();
      for (const [result, n] of Object.entries(stats().proxyHeaders)) this.inc({ result }, n);
    },
  });
  byReason("chat_rejected_lines_total", "Lines that were not relayed.", () => stats().rejected);
  byReason("chat_closed_connections_total", "Connections ended or refused.", () => stats().closed);
  gauge("chat_pipes", "Pipes now, also those that wait for an end.", () => stats().pipes);
  gauge("chat_log_bytes", "Bytes in the shared log now.", () => stats().logBytes);
  gauge("chat_log_limit_bytes", "Bytes that the shared log may hold.", () => maxLogBytes);
  gauge("process_resident_memory_bytes", "Resident memory size in bytes.", residentBytes);
  if (source.hasCluster) addClusterMetrics(registry, () => stats().cluster);
  const delay = new Summary({
    name: "chat_event_loop_delay_seconds",
    help: "How late the event loop was in the last minute; quantile 1 is the longest delay.",
    percentiles: [0.5, 0.99, 1],
    maxAgeSeconds: EVENT_LOOP_WINDOW_SECONDS,
    ageBuckets: 6,
    registers,
  });
  return { registry, observeDelay: (seconds) => delay.observe(seconds) };
}
