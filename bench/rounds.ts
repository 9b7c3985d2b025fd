/**
 * The same work for every relay, in turns, so that a noisy machine is noisy for all.
 *
 * @module
 */

import { type Job, measure, type ResultOf } from "./generator.ts";
import { type Peer, type RunningPeer, startPeer } from "./peers.ts";

/** What one relay did. */
export interface Outcome<R> {
  readonly peer: Peer;
  /** One per round; fewer for slow relays. */
  readonly results: readonly R[];
  /** Why there are none. */
  readonly failure?: string;
}

/** Settings of {@linkcode runRounds}. */
export interface RoundOptions<J extends Job> {
  readonly rounds: number;
  /** Done once per relay before the first round; not counted. */
  readonly warmUp?: Job;
  readonly job: J;
  /** Whether each round gets a new process; then only one relay runs at a time. */
  readonly fresh?: boolean;
}

/** Runs a job in rounds; every round visits the relays in the same order. */
export async function runRounds<J extends Job>(
  peers: readonly Peer[],
  { rounds, warmUp, job, fresh = false }: RoundOptions<J>,
): Promise<Outcome<ResultOf<J>>[]> {
  await using stack = new AsyncDisposableStack();
  const outcomes = peers.map((peer) => ({
    peer,
    results: [] as ResultOf<J>[],
    failure: undefined as string | undefined,
    running: undefined as RunningPeer | undefined,
  }));
  for (let round = 0; round < rounds; round++) {
    for (const outcome of outcomes) {
      const { peer } = outcome;
      const isDone = job.work === "stream" && round >= (peer.maxStreamRounds ?? rounds);
      if (isDone || outcome.failure !== undefined) continue;
      try {
        await using own = fresh ? await startPeer(peer) : undefined;
        if (!own && !outcome.running) {
          outcome.running = stack.use(await startPeer(peer));
          if (warmUp) await measure(outcome.running, warmUp);
        }
        outcome.results.push(await measure((own ?? outcome.running)!, job));
      } catch (error) {
        outcome.failure = error instanceof Error ? error.message : String(error);
      }
    }
  }
  return outcomes;
}

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
