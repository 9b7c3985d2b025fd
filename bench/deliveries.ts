/**
 * Deliveries per second against the number of receivers.
 *
 * @module
 */

import type { Peer } from "./peers.ts";
import { drawPlot, type Line } from "./plot.ts";
import { millions, type Section } from "./report.ts";
import { median, runRounds } from "./rounds.ts";
import { type Effort, speedOf } from "./work.ts";

const RECEIVERS = [2, 10, 30, 99, 300];
const DELIVERIES = 3_000_000;
const MAX_TOKENS = 200_000;
const MAX_ROUNDS = 2;

/** Runs one sender against more and more receivers; returns a table and the plot, as SVG. */
export async function runDeliveries(
  peers: readonly Peer[],
  { rounds, share }: Effort,
): Promise<{ section: Section; svg: string }> {
  const lines: Line[] = peers.map(({ name }) => ({ name, points: [] }));
  for (const receivers of RECEIVERS) {
    const tokens = Math.round(Math.min(DELIVERIES / receivers, MAX_TOKENS) * share);
    const job = { work: "stream", senders: 1, receivers, tokens } as const;
    const warmUp = { ...job, tokens: Math.round(tokens / 10) };
    const options = { rounds: Math.min(rounds, MAX_ROUNDS), warmUp, job };
    for (const [i, { results }] of (await runRounds<typeof job>(peers, options)).entries()) {
      const whole = results.filter((result) => result.troubles.length === 0);
      if (whole.length === 0) continue;
      lines[i]!.points.push({ x: receivers, y: median(whole.map(speedOf)) });
    }
  }
  const speedAt = (line: Line, x: number) => line.points.find((point) => point.x === x)?.y;
  const section = {
    title: "Deliveries per second against the number of receivers, 1 sender",
    head: ["relay", ...RECEIVERS.map(String)],
    rows: lines.map((line) => [
      line.name,
      ...RECEIVERS.map((x) => speedAt(line, x)).map((y) => y === undefined ? "-" : millions(y)),
    ]),
  };
  return { section, svg: drawPlot(section.title, lines) };
}
