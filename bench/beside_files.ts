/**
 * Work (i): the chat of work (c), alone and beside four pipes at full speed.
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
const PIPES = 4;

/** Measures in turns, on one relay. */
export async function runBesideFiles({ rounds, share }: Effort): Promise<Section> {
  await using relay = await startPeer(await ourPeer());
  const job = { ...JOB, seconds: 3 * share };
  await measure(relay, { ...job, perSecond: 300 });
  const [alone, beside]: LatencyResult[][] = [[], []];
  const speeds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    alone!.push(await measure(relay, job));
    await using load = await startLoad(relay);
    beside!.push(await measure(relay, job));
    speeds.push(...[...load.stdout.matchAll(/(\d+) MiB/g)].map(([, speed]) => Number(speed)));
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
    title: `(i) the chat of (c), alone and beside ${PIPES} pipes at full speed`,
    head: ["", "p50", "p99", "range of p99", "ratio of p99", "through the pipes", "received"],
    rows: [
      row("alone", alone!, ["1.00", "0"]),
      row("beside", beside!, [median(ratios).toFixed(2), `${median(speeds)} MiB/s`]),
    ],
  };
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

async function startLoad({ port, directory }: RunningPeer): Promise<Program> {
  const path = `${ROOT}bench/pipe_load.ts`;
  const load = Program.spawn([
    ...[Deno.execPath(), "run", ...IMPORT_FLAGS, "--allow-net", "--allow-read", path],
    ...[`${port}`, `${directory}/secret.key`, `${PIPES}`],
  ]);
  await load.waitFor("stdout", /MiB\/s\n/);
  return load;
}
