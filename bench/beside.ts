/**
 * The chat of work (c), alone and beside something else that the same relay does.
 *
 * @module
 */

import { commandLine, IMPORT_FLAGS, Program, ROOT } from "../tests/support/programs.ts";
import { type LatencyResult, measure } from "./generator.ts";
import { listPeers, OURS, type Peer, type RunningPeer, startPeer } from "./peers.ts";
import { duration, type Section, spread, troublesOf } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const JOB = { work: "latency", senders: 1, receivers: 99, perSecond: 100 } as const;

/** What the relay does beside the chat. */
export interface Beside {
  readonly title: string;
  /** The head of the column that tells how much is done. */
  readonly head: string;
  /** Starts it in each round, when it is done alone and beside. Disposing ends it. */
  readonly start: (relay: RunningPeer, isBeside: boolean) => Promise<Program | undefined>;
  /** Sums up what the programs that ran beside have printed. */
  readonly sum: (printed: readonly string[]) => string;
}

/** Measures in turns, on one relay. */
export async function runBeside(
  { title, head, start, sum }: Beside,
  { rounds, share }: Effort,
): Promise<Section> {
  await using relay = await startPeer(await ourPeer());
  const job = { ...JOB, seconds: 3 * share };
  await measure(relay, { ...job, perSecond: 300 });
  const [alone, beside]: LatencyResult[][] = [[], []];
  const printed: string[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const isBeside of [false, true]) {
      await using load = await start(relay, isBeside);
      (isBeside ? beside! : alone!).push(await measure(relay, job));
      if (isBeside) printed.push(load!.stdout);
    }
  }
  const ratios = beside!.map(({ p99 }, round) => p99 / alone![round]!.p99);
  const row = (name: string, results: readonly LatencyResult[], more: readonly string[]) => [
    name,
    duration(median(results.map(({ p50 }) => p50))),
    duration(median(results.map(({ p99 }) => p99))),
    spread(results.map(({ p99 }) => p99), duration),
    ...more,
    troublesOf(results),
  ];
  return {
    title,
    head: ["", "p50", "p99", "range of p99", "ratio of p99", head, "received"],
    rows: [
      row("alone", alone!, ["1.00", "0"]),
      row("beside", beside!, [median(ratios).toFixed(2), sum(printed)]),
    ],
  };
}

/** Starts a program of bench/ that loads a relay: its arguments are the port, the key, and more. */
export function startLoad(
  script: string,
  { port, directory }: RunningPeer,
  ...args: readonly string[]
): Program {
  return Program.spawn([
    ...[Deno.execPath(), "run", ...IMPORT_FLAGS, "--allow-net", "--allow-read"],
    ...[`${ROOT}bench/${script}`, `${port}`, `${directory}/secret.key`, ...args],
  ]);
}

/** With its rates, as it runs for everybody. */
async function ourPeer(): Promise<Peer> {
  const peer = (await listPeers()).find(({ name }) => name === OURS)!;
  const command = await commandLine("server", "compiled");
  return {
    ...peer,
    command: (port) =>
      Promise.resolve([...command, "127.0.0.1", `${port}`, "--max-clients", "300"]),
  };
}
