/**
 * Works (a) to (e): what the relays have to do, and the tables that come of it.
 *
 * @module
 */

import type { IdleResult, Job, LatencyResult, PingPongResult, StreamResult } from "./generator.ts";
import { BARE, type Peer } from "./peers.ts";
import {
  duration,
  formatSpeed,
  millions,
  ratioOf,
  type Section,
  spread,
  troublesOf,
} from "./report.ts";
import { median, type Outcome, runRounds } from "./rounds.ts";

const WARM_UP = { work: "stream", senders: 1, receivers: 20, tokens: 20_000 } as const;
const IDLE_CLIENTS = 10_000;

/** How much is done. */
export interface Effort {
  readonly rounds: number;
  /** Tokens and seconds are multiplied by it. */
  readonly share: number;
}

/** Deliveries per second of one run. */
export function speedOf(result: StreamResult): number {
  return result.deliveries / result.seconds;
}

async function runStream(
  peers: readonly Peer[],
  title: string,
  { rounds, share }: Effort,
  job: { senders: number; receivers: number; tokens: number },
): Promise<Section> {
  const tokens = Math.round(job.tokens * share);
  const work = { work: "stream", ...job, tokens } as const;
  const outcomes = await runRounds<typeof work>(peers, { rounds, warmUp: WARM_UP, job: work });
  const cpu = (of: (result: StreamResult) => number, { results }: Outcome<StreamResult>) =>
    `${Math.round(median(results.map((result) => 100 * of(result) / result.seconds)))} %`;
  return {
    title,
    head: ["relay", "deliveries/s", "range", "ratio", "relay CPU", "generator CPU", "received"],
    rows: outcomes.map((outcome) => [
      outcome.peer.name,
      ...outcome.failure !== undefined ? [outcome.failure] : [
        millions(median(outcome.results.map(speedOf))),
        spread(outcome.results.map(speedOf), millions),
        ratioOf(outcomes, outcome, speedOf),
        cpu((result) => result.relayCpu, outcome),
        cpu((result) => result.generatorCpu, outcome),
        troublesOf(outcome.results),
      ],
    ]),
  };
}

/** (a) One sender, 99 receivers. */
export function runOneSender(peers: readonly Peer[], effort: Effort): Promise<Section> {
  const title = "(a) 1 sender, 99 receivers, 100,000 tokens of 140 characters";
  return runStream(peers, title, effort, { senders: 1, receivers: 99, tokens: 100_000 });
}

/** (b) Ten senders, 90 receivers. */
export function runTenSenders(peers: readonly Peer[], effort: Effort): Promise<Section> {
  const title = "(b) 10 senders, 90 receivers, 20,000 tokens from each";
  return runStream(peers, title, effort, { senders: 10, receivers: 90, tokens: 20_000 });
}

/** (c) Latency under light load. */
export async function runLatency(
  peers: readonly Peer[],
  { rounds, share }: Effort,
): Promise<Section> {
  const job = {
    work: "latency",
    senders: 1,
    receivers: 99,
    perSecond: 100,
    seconds: 3 * share,
  } as const;
  // The same work: what runs once for each line must be warm, too, as it is after a minute of use.
  const warmUp = { ...job, perSecond: 300 };
  const outcomes = await runRounds<typeof job>(withoutBare(peers), { rounds, warmUp, job });
  const at = (name: "p50" | "p99" | "p999", { results }: Outcome<LatencyResult>) =>
    duration(median(results.map((result) => result[name])));
  return {
    title: "(c) 1 sender at 100 a second, 99 receivers: time from sending to each receiver",
    head: ["relay", "p50", "p99", "p99.9", "range of p99", "ratio of p99", "received"],
    rows: outcomes.map((outcome) => [
      outcome.peer.name,
      ...outcome.failure !== undefined ? [outcome.failure] : [
        at("p50", outcome),
        at("p99", outcome),
        at("p999", outcome),
        spread(outcome.results.map((result) => result.p99), duration),
        ratioOf(outcomes, outcome, (result) => result.p99),
        troublesOf(outcome.results),
      ],
    ]),
  };
}

/** (d) Ten thousand idle clients. */
export async function runIdle(
  peers: readonly Peer[],
  { rounds, share }: Effort,
): Promise<Section> {
  const clients = Math.round(IDLE_CLIENTS * share);
  const able = withoutBare(peers).filter((peer) => (peer.maxClients?.count ?? clients) >= clients);
  const unable = withoutBare(peers).filter((peer) => !able.includes(peer));
  const job = { work: "idle", clients } as const;
  const outcomes = await runRounds<typeof job>(able, {
    rounds: Math.min(rounds, 2),
    job,
    fresh: true,
  });
  const middle = (of: (result: IdleResult) => number, { results }: Outcome<IdleResult>) =>
    median(results.map(of));
  return {
    title: `(d) ${clients.toLocaleString("en")} idle clients, then 20 messages to each`,
    head: ["relay", "memory per client", "ratio", "all connected", "ratio", "fan-out", "received"],
    rows: [
      ...outcomes.map((outcome) => [
        outcome.peer.name,
        ...outcome.failure !== undefined ? [outcome.failure] : [
          `${(middle((result) => result.bytesPerClient, outcome) / 1024).toFixed(1)} KiB`,
          ratioOf(outcomes, outcome, (result) => result.bytesPerClient),
          duration(middle((result) => result.connectSeconds, outcome)),
          ratioOf(outcomes, outcome, (result) => result.connectSeconds),
          duration(middle((result) => result.fanOutSeconds, outcome)),
          troublesOf(outcome.results),
        ],
      ]),
      ...unable.map(({ name, maxClients }) => [name, maxClients?.otherwise ?? ""]),
    ],
  };
}

/** (e) Two clients that answer each other. */
export async function runPingPong(
  peers: readonly Peer[],
  { rounds, share }: Effort,
): Promise<Section> {
  const job = { work: "pingpong", seconds: 0.6 * share } as const;
  const outcomes = await runRounds<typeof job>(withoutBare(peers), {
    rounds,
    warmUp: { work: "pingpong", seconds: 0.3 } satisfies Job,
    job,
  });
  const speeds = ({ results }: Outcome<PingPongResult>) => results.map((each) => each.perSecond);
  return {
    title: "(e) 2 clients that answer each other",
    head: ["relay", "round trips/s", "range", "ratio"],
    rows: outcomes.map((outcome) => [
      outcome.peer.name,
      ...outcome.failure !== undefined ? [outcome.failure] : [
        formatSpeed(median(speeds(outcome))),
        spread(speeds(outcome), formatSpeed),
        ratioOf(outcomes, outcome, (result) => result.perSecond),
      ],
    ]),
  };
}

function withoutBare(peers: readonly Peer[]): readonly Peer[] {
  return peers.filter((peer) => peer.name !== BARE);
}
