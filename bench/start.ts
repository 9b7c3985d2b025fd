/**
 * Work (g): how long the client takes to its first prompt, beside an interpreter that loads the
 * same cryptography.
 *
 * @module
 */

import { commandLine } from "../tests/support/programs.ts";
import { listPeers, OURS, PYTHON, startPeer } from "./peers.ts";
import { outputJson } from "./processes.ts";
import { duration, type Section, spread } from "./report.ts";
import { median } from "./rounds.ts";
import type { Effort } from "./work.ts";

const MEASURE = new URL("generator/start.py", import.meta.url).pathname;
/** Rounds are short, and a start is what a machine's noise meets most. */
const ROUNDS_PER_ROUND = 2;
/** The first prompt, and the one when what is typed can be sent. */
const PROMPTS = ["alice[^>]*> ", "alice> "];

/** Starts each program in every round, at a terminal of its own. */
export async function runStart({ rounds }: Effort): Promise<Section> {
  const relay = (await listPeers()).find(({ name }) => name === OURS)!;
  await using server = await startPeer(relay);
  const directory = await Deno.makeTempDir({ prefix: "chat-bench-" });
  try {
    const address = ["127.0.0.1", `${server.port}`, "--nick", "alice"];
    const key = ["--key", `${server.directory}/secret.key`];
    const client = async (build: "source" | "compiled") => [
      ...await commandLine("client", build),
      ...address,
      ...key,
    ];
    const programs = [
      { name: "chat-client", command: await client("compiled"), prompts: PROMPTS },
      { name: "chat-client (deno run)", command: await client("source"), prompts: PROMPTS },
      {
        name: "python3 -c 'import cryptography.fernet'",
        command: [PYTHON, "-c", "import cryptography.fernet"],
        prompts: [],
      },
    ];
    const env = { XDG_STATE_HOME: directory, XDG_CONFIG_HOME: directory, TERM: "xterm-256color" };
    const plan = JSON.stringify({ programs, env, rounds: rounds * ROUNDS_PER_ROUND });
    const times = await outputJson([PYTHON, "-B", MEASURE, plan]) as number[][][];
    const own = times[0]![0]!;
    return {
      title: `(g) From the start to the first prompt, median of ${own.length}`,
      head: ["program", "first prompt", "range", "ratio", "connected"],
      rows: programs.map(({ name }, i) => {
        const [first, connected] = times[i]! as [number[], number[]?];
        const ratio = median(own.map((seconds, round) => seconds / first[round]!));
        return [
          name,
          duration(median(first)),
          spread(first, duration),
          i === 0 ? "" : `${ratio.toFixed(2)} x`,
          connected ? duration(median(connected)) : "",
        ];
      }),
      notes: [
        "Each on a pseudo-terminal of its own, from before the process is made to the first bytes of " +
        "its prompt; Python to its end. All files are in the system's memory: a round before the " +
        "first one saw to that.",
      ],
    };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}
