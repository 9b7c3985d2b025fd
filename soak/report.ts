/**
 * What a soak says of itself.
 *
 * @module
 */

import { formatMib, type MemoryVerdict, type Sample } from "./memory.ts";
import type { Oracle } from "./oracle.ts";

/** All that a summary tells. */
export interface Outcome {
  readonly seed: number;
  readonly oracle: Oracle;
  /** Of the server. */
  readonly samples: readonly Sample[];
  /** Of this process. */
  readonly generatorSamples: readonly Sample[];
  readonly memory: MemoryVerdict;
  /** What the server wrote on stderr. */
  readonly log: string;
}

/** One line while it runs. */
export function formatProgress(sample: Sample, clients: number, oracle: Oracle): string {
  return [
    `${Math.round(sample.seconds)} s`,
    `${clients} clients`,
    `${oracle.deliveries} deliveries`,
    `${mega(oracle.bytes)} MB`,
    formatMib(sample.bytes),
    `${oracle.faultCount} faults`,
  ].join(", ");
}

/** The end: one line a fact, then the first faults. */
export function formatSummary(outcome: Outcome): string {
  const { seed, oracle, samples, generatorSamples, memory, log } = outcome;
  const seconds = samples.at(-1)?.seconds ?? 0;
  const { lost, duplicate, order, foreign, cut, other } = oracle.faults;
  const cuts = [...oracle.cuts].map(([reason, count]) => `${count} × ${reason}`).join(", ");
  const rows: [string, string][] = [
    ["seconds, seed", `${Math.round(seconds)}, ${seed}`],
    ["clients", String(oracle.senders.length)],
    ["of bad will", String(oracle.hostile)],
    ["tokens sent", String(oracle.sent)],
    ["deliveries checked", `${oracle.deliveries} (${perSecond(oracle.deliveries, seconds)}/s)`],
    ["bytes", `${mega(oracle.bytes)} MB (${mega(oracle.bytes / Math.max(1, seconds))} MB/s)`],
    ["lost", String(lost)],
    ["duplicates", String(duplicate)],
    ["order faults", String(order)],
    ["foreign lines", String(foreign)],
    ["good readers cut", String(cut)],
    ["other faults", String(other)],
    ["slow readers cut", cuts || "none"],
    ["ends by the log", countReasons(log)],
    ["memory", describeMemory(samples, memory)],
    ["processor", `server ${share(samples)}, generator ${share(generatorSamples)} of one core`],
  ];
  const table = rows.map(([name, value]) => `${name.padEnd(20)}${value}`).join("\n");
  if (oracle.faultCount === 0) return `${table}\nno fault`;
  return `${table}\nFAULTS with seed ${seed}; the first:\n  ${oracle.details.join("\n  ")}`;
}

/** The reasons for which connections ended, as the server's log has them. */
function countReasons(log: string): string {
  const counts = new Map<string, number>();
  for (const [, reason] of log.matchAll(/ left\b.*?: ([a-z ]+) \(| (events left out)$/gm)) {
    const name = reason ?? "lines left out";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `${count} × ${reason}`).join(", ") || "none";
}

function describeMemory(samples: readonly Sample[], memory: MemoryVerdict): string {
  const at = (seconds: number) => samples.find((sample) => sample.seconds >= seconds)?.bytes;
  const atMinute2 = at(120);
  const end = samples.at(-1)?.bytes ?? 0;
  return [
    ...(atMinute2 ? [`at minute 2 ${formatMib(atMinute2)}`] : []),
    `end ${formatMib(end)}`,
    `highest before ${formatMib(memory.before)}, after ${formatMib(memory.after)}`,
    `trend ${formatMib(memory.slope)} a minute`,
  ].join("; ");
}

function share(samples: readonly Sample[]): string {
  const first = samples[0];
  const last = samples.at(-1);
  if (!first || !last || first === last) return "?";
  const used = last.cpuSeconds - first.cpuSeconds;
  return `${Math.round(100 * used / (last.seconds - first.seconds))}%`;
}

function mega(bytes: number): string {
  return (bytes / 1_000_000).toFixed(1);
}

function perSecond(count: number, seconds: number): string {
  return String(Math.round(count / Math.max(1, seconds)));
}
