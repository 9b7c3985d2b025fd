/**
 * `deno task bench`: this relay and this Fernet beside others, in one run.
 *
 * @module
 */

import { readOption, refuseValue } from "../lib/cli/values.ts";
import { worded } from "../lib/messages/wording.ts";
import { type CommandLine, parseCommandLine } from "../lib/cli/options.ts";
import type { ProgramSpec } from "../lib/cli/spec.ts";
import { exitCodeOf, formatError } from "../lib/cli/report_error.ts";
import { runBesideFiles } from "./beside_files.ts";
import { runBesideInvitations } from "./beside_invitations.ts";
import { runCluster } from "./cluster.ts";
import { runDeliveries } from "./deliveries.ts";
import { runFernet } from "./fernet.ts";
import { runFlood } from "./flood.ts";
import { listPeers, type Peer } from "./peers.ts";
import { output } from "./processes.ts";
import { describeMachine, formatSection, type Section } from "./report.ts";
import { runStart } from "./start.ts";
import { runTls } from "./tls.ts";
import { runTransfer } from "./transfer.ts";
import {
  type Effort,
  runIdle,
  runLatency,
  runOneSender,
  runPingPong,
  runTenSenders,
} from "./work.ts";

const NOTES =
  `One generator for all relays: one Python process with one thread, on the same machine,
over loopback. Rounds visit the relays in turns; figures are medians. "ratio" is the first row's
figure divided by this row's, round by round, then the median. CPU is time used divided by time
passed: 100 % is one core. Of (a), every byte of every receiver is compared; of (b), the place of
every line end and two marks in every line of every receiver, and all of two receivers.

How the generator is known not to be the bottleneck: "bare loop" is a relay that only copies
(bench/generator/bare_relay.py), and the generator takes and checks what it sends; and in the rows
of a single-threaded relay that uses 100 % of its core, the generator uses less of its own.
`;

type Work = (peers: readonly Peer[], effort: Effort) => Promise<Section>;

const WORKS: Readonly<Record<string, Work>> = {
  a: runOneSender,
  b: runTenSenders,
  c: runLatency,
  d: runIdle,
  e: runPingPong,
  f: (_, effort) => runFernet(effort),
  g: (_, effort) => runStart(effort),
  h: (_, effort) => runFlood(effort),
  i: (_, effort) => runBesideFiles(effort),
  j: (_, effort) => runTransfer(effort),
  k: (_, effort) => runBesideInvitations(effort),
  l: (_, effort) => runCluster(effort),
  m: (_, effort) => runTls(effort),
  plot: async (peers, effort) => {
    const { section, svg } = await runDeliveries(peers, effort);
    const path = new URL("deliveries.svg", import.meta.url);
    await Deno.writeTextFile(path, svg);
    await format(path);
    return { ...section, notes: ["![Deliveries per second](deliveries.svg)"] };
  },
};

const SPEC: ProgramSpec = {
  name: "deno task bench",
  summary: "Measures the relay and Fernet beside others.",
  args: [],
  options: [
    {
      name: "only",
      value: "LIST",
      help: `Some of ${Object.keys(WORKS).join()}; RESULTS.md is then not written`,
    },
    { name: "rounds", value: "N", help: "Rounds of each work [5]", range: { min: 1, max: 1000 } },
    { name: "quick", help: "A tenth of the work in 2 rounds, to see that all runs" },
  ],
  notes: [],
};

async function main({ values, switches }: CommandLine): Promise<void> {
  const names = values.get("only")?.split(",") ?? Object.keys(WORKS);
  const unknown = names.find((name) => !Object.hasOwn(WORKS, name));
  if (unknown !== undefined) {
    const hint = worded("Use one of: {choices}.", { choices: Object.keys(WORKS).join(", ") });
    throw refuseValue(worded("Option --{name}", { name: "only" }), unknown, hint);
  }
  const isQuick = switches.has("quick");
  const rounds = readOption<number | undefined>(SPEC, "rounds", values) ?? (isQuick ? 2 : 5);

  const started = Date.now();
  const all = await listPeers();
  const found = await Promise.all(all.map(({ versionCommand }) => output(versionCommand)));
  const peers = all.filter((_, i) => found[i] !== undefined);
  const missing = all.filter((_, i) => found[i] === undefined);
  const intro = [
    "# Results of `deno task bench`",
    "",
    ...await describeMachine(peers),
    ...missing.map(({ name, install }) => `- ${name}: not installed (${install})`),
    `- ${new Date().toISOString().slice(0, 10)}, ${rounds} rounds`,
    "",
    NOTES,
  ].join("\n");
  console.log(intro);
  const tables: string[] = [];
  for (const name of names) {
    const begun = Date.now();
    const table = formatSection(await WORKS[name]!(peers, { rounds, share: isQuick ? 0.1 : 1 }));
    console.log(`${table}\n(${seconds(begun)} s)\n`);
    tables.push(table);
  }
  console.log(`It took ${seconds(started)} s.`);
  if (isQuick || values.has("only")) return;
  const path = new URL("RESULTS.md", import.meta.url);
  await Deno.writeTextFile(path, [intro, ...tables].join("\n"));
  await format(path);
}

/** Whole seconds since a time in ms. */
function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}

/** Makes a written file pass `deno task fmt`. */
async function format(path: URL): Promise<void> {
  await output([Deno.execPath(), "fmt", "-q", path.pathname]);
}

try {
  const options = parseCommandLine(SPEC, Deno.args);
  if (typeof options === "string") console.log(options);
  else await main(options);
} catch (error) {
  console.error(formatError(error));
  Deno.exit(exitCodeOf(error));
}
