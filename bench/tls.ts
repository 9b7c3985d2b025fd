/**
 * Work (m): the relay's fan-out with TLS and without, in turns, on one relay.
 *
 * @module
 */

import { processorSeconds } from "../tests/support/process_info.ts";
import {
  IMPORT_FLAGS,
  Program,
  ROOT,
  type Server,
  startServer,
} from "../tests/support/programs.ts";
import { withDirectory } from "../tests/support/temporary.ts";
import { millions, type Section } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const RECEIVERS = 99;
const TOKENS = 30_000;
/** Lines in one write of the sender: many as in a flood, or one as in a talk. */
const BATCHES = [200, 1] as const;
const MODES = ["plain", "tls"] as const;

interface Run {
  readonly perSecond: number;
  /** The relay's processor time for a delivery, in µs. */
  readonly cost: number;
  readonly connectMs: number;
  readonly isWhole: boolean;
}

/** Measures the relay from its source. */
export async function runTls({ rounds, share }: Effort): Promise<Section> {
  const rows: string[][] = [];
  await withDirectory(async (cwd) => {
    const args = ["--tls-port", "0", "--no-rate-limit", "--max-clients", "300"];
    await using server = await startServer({ cwd, args });
    const [, tlsPort] = await server.program.waitFor("stderr", /^listening on .*:(\d+) for TLS$/m);
    const ports = { plain: server.port, tls: Number(tlsPort) };
    for (const batch of BATCHES) {
      const tokens = Math.round(TOKENS * share / (batch === 1 ? 10 : 1));
      const runs: Record<(typeof MODES)[number], Run[]> = { plain: [], tls: [] };
      for (let round = -1; round < rounds; round++) {
        for (const mode of MODES) {
          const run = await load(server, cwd, [`${ports[mode]}`, mode, `${tokens}`, `${batch}`]);
          // The first round warms up.
          if (round >= 0) runs[mode].push(run);
        }
      }
      for (const mode of MODES) rows.push(describe(mode, batch, runs[mode], runs.plain));
    }
  });
  return {
    title: `(m) fan-out to ${RECEIVERS} receivers with TLS and without`,
    head: [
      "",
      "deliveries/s",
      "ratio",
      "relay's CPU a delivery",
      "ratio",
      "to connect",
      "received",
    ],
    rows,
    notes: [
      'The relay from its source; sender and receivers are one process of the runtime with its own TLS. "one by one": a write for each line, as in a talk.',
    ],
  };
}

async function load(
  { program }: Server,
  cwd: string,
  [port, mode, tokens, batch]: readonly [string, string, string, string],
): Promise<Run> {
  const { pid } = program.child;
  const before = await processorSeconds(pid);
  await using client = Program.spawn([
    ...[Deno.execPath(), "run", ...IMPORT_FLAGS, "--allow-net", "--allow-read"],
    ...[`${ROOT}bench/tls_load.ts`, port, `${cwd}/secret.key`, mode, `${RECEIVERS}`, tokens, batch],
  ]);
  const [text] = await client.waitFor("stdout", /\{.*\}\n/);
  const { seconds, connectMs, isWhole } = JSON.parse(text);
  const used = await processorSeconds(pid) - before;
  const deliveries = Number(tokens) * RECEIVERS;
  return { perSecond: deliveries / seconds, cost: used / deliveries * 1e6, connectMs, isWhole };
}

function describe(
  mode: string,
  batch: number,
  runs: readonly Run[],
  plain: readonly Run[],
): string[] {
  const of = (figure: (run: Run) => number) => median(runs.map(figure));
  const ratio = (figure: (run: Run) => number) =>
    median(runs.map((run, i) => figure(run) / figure(plain[i]!))).toFixed(2);
  return [
    `${mode === "tls" ? "TLS" : "plain"}, ${batch === 1 ? "one by one" : `${batch} lines a write`}`,
    millions(of(({ perSecond }) => perSecond)),
    ratio(({ perSecond }) => perSecond),
    `${of(({ cost }) => cost).toFixed(2)} µs`,
    ratio(({ cost }) => cost),
    `${of(({ connectMs }) => connectMs).toFixed(2)} ms`,
    runs.every(({ isWhole }) => isWhole) ? "whole" : "not whole",
  ];
}
