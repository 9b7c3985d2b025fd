/**
 * The load generator, as the benchmark calls it: one Python process, one
 * thread, one measurement.
 *
 * Python because its `recv_into()` and `bytes.startswith()` are one system call
 * and one `memcmp()`, with next to nothing around them.
 *
 * @module
 */

import { PYTHON, type RunningPeer } from "./peers.ts";
import { outputJson } from "./processes.ts";

const GENERATOR = new URL("generator", import.meta.url).pathname;

/** What every measurement says. */
export interface Result {
  /** What was wrong with the bytes received; empty where all was well. */
  readonly troubles: readonly string[];
}

/** Throughput. */
export interface StreamResult extends Result {
  readonly seconds: number;
  /** Whole lines that reached receivers. */
  readonly deliveries: number;
  /** CPU time in seconds, all threads. */
  readonly generatorCpu: number;
  readonly relayCpu: number;
}

/** Latency in seconds. */
export interface LatencyResult extends Result {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

/** Many idle clients. */
export interface IdleResult extends Result {
  readonly connectSeconds: number;
  /** Resident memory that the relay grew by. */
  readonly bytesPerClient: number;
  readonly fanOutSeconds: number;
}

/** Two clients. */
export interface PingPongResult extends Result {
  /** Round trips. */
  readonly perSecond: number;
}

/** What is to be measured. */
export type Job =
  | {
    readonly work: "stream";
    readonly senders: number;
    readonly receivers: number;
    /** Per sender. */
    readonly tokens: number;
  }
  | {
    readonly work: "latency";
    readonly senders: 1;
    readonly receivers: number;
    readonly perSecond: number;
    readonly seconds: number;
  }
  | { readonly work: "idle"; readonly clients: number }
  | { readonly work: "pingpong"; readonly seconds: number };

/** The result that belongs to a job. */
export type ResultOf<J extends Job> = J extends { work: "stream" } ? StreamResult
  : J extends { work: "latency" } ? LatencyResult
  : J extends { work: "idle" } ? IdleResult
  : PingPongResult;

/**
 * Does one measurement.
 *
 * @throws {Error} If the relay cannot do this work.
 */
export async function measure<J extends Job>(relay: RunningPeer, job: J): Promise<ResultOf<J>> {
  const { peer: { dialect }, port, pid } = relay;
  const text = JSON.stringify({ ...job, dialect, port, pid });
  return await outputJson([PYTHON, "-B", GENERATOR, text]) as ResultOf<J>;
}
