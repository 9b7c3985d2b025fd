/**
 * `deno task soak`: the real server under random clients, and an oracle.
 *
 * @module
 */

import { readOption } from "../lib/cli/values.ts";
import { EXIT, exitCodeOf, formatError } from "../lib/cli/report_error.ts";
import { parseCommandLine } from "../lib/cli/options.ts";
import type { ProgramSpec } from "../lib/cli/spec.ts";
import type { Build, Server } from "../tests/support/programs.ts";
import { judgeMemory, type Sample, sampleProcess } from "./memory.ts";
import { Oracle } from "./oracle.ts";
import { formatProgress, formatSummary } from "./report.ts";
import { soak } from "./room.ts";
import { startAlone } from "./server.ts";
import { sleep } from "./sleep.ts";

/** What the numbers among the options may be. */
const COUNT = { min: 0, max: 999_999_999 };
const SPEC: ProgramSpec = {
  name: "soak",
  summary: "Drives a real chat-server with random clients and checks every line they receive.",
  args: [],
  options: [
    { name: "seconds", value: "N", help: "How long to send", range: COUNT, fallback: 120 },
    {
      name: "seed",
      value: "N",
      help: "Repeats the decisions of another run",
      range: COUNT,
      fallback: 1,
    },
    {
      name: "build",
      value: "WHICH",
      help: "The server",
      choices: ["source", "compiled"],
      fallback: "source",
    },
  ],
  notes: ["Exit codes: 0 no fault, 1 faults, 2 wrong usage."],
};
const CROWD = [60, 120] as const;
const SAMPLE_MS = 1000;
/** Samples between two lines of progress. */
const PROGRESS_SAMPLES = 30;
/** What a server must never say. */
const ALARMING = /^(\S+ )?error|uncaught|unhandled|panic|out of memory|^\s+at .*\.ts:/im;

interface Options {
  readonly seconds: number;
  readonly seed: number;
  readonly build: Build;
}

function parseOptions(args: readonly string[]): Options | string {
  const line = parseCommandLine(SPEC, args);
  if (typeof line === "string") return line;
  const read = <T>(name: string) => readOption<T>(SPEC, name, line.values);
  return { seconds: read("seconds"), seed: read("seed"), build: read("build") };
}

/** Samples both processes every second until the signal. */
async function watch(
  pid: number,
  signal: AbortSignal,
  onSample: (server: Sample, generator: Sample | undefined) => void,
): Promise<void> {
  const startedAt = performance.now();
  while (!signal.aborted) {
    const seconds = (performance.now() - startedAt) / 1000;
    const [server, generator] = await Promise.all([
      sampleProcess(pid, seconds),
      sampleProcess(Deno.pid, seconds),
    ]);
    if (server) onSample(server, generator);
    await sleep(SAMPLE_MS, signal);
  }
}

/** Ends the server, judges what it said, and returns that. */
async function stopServer(server: Server, oracle: Oracle): Promise<string> {
  try {
    server.program.child.kill("SIGINT");
  } catch {
    // It has ended already, and its exit code tells.
  }
  const { code, stderr } = await server.program.finished();
  if (code !== 0) oracle.fault("other", `the server ended with exit code ${code}:\n${stderr}`);
  const alarming = ALARMING.exec(stderr);
  if (alarming) {
    const said = stderr.slice(alarming.index, alarming.index + 1000);
    oracle.fault("other", `the server said: ${said}`);
  }
  return stderr;
}

async function run(options: Options): Promise<number> {
  const { seconds, seed, build } = options;
  const oracle = new Oracle();
  const samples: Sample[] = [];
  const generatorSamples: Sample[] = [];
  const stop = new AbortController();
  const watched = new AbortController();
  const onSignal = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, onSignal);
  const cwd = await Deno.makeTempDir({ prefix: "chat-soak-" });
  try {
    const { server, args } = await startAlone(build, cwd);
    await using _server = server;
    console.error(`soak: ${seconds} s, seed ${seed}, ${build} server ${args.join(" ")}`);
    const keyText = (await Deno.readTextFile(`${cwd}/secret.key`)).trim();
    let clients = 0;
    const watching = watch(server.program.child.pid, watched.signal, (sample, generator) => {
      samples.push(sample);
      if (generator) generatorSamples.push(generator);
      if (samples.length % PROGRESS_SAMPLES === 0) {
        console.error(formatProgress(sample, clients, oracle));
      }
    });
    server.program.child.status.then(() => stop.abort());
    sleep(seconds * 1000, stop.signal).then(() => stop.abort());
    await soak(
      { port: server.port, seed, signal: stop.signal, crowd: CROWD, oracle, keyText },
      (progress) => clients = progress.clients,
    );
    watched.abort();
    await watching;
    const log = await stopServer(server, oracle);
    const memory = judgeMemory(samples);
    if (memory.fault) oracle.fault("other", `the server's memory ${memory.fault}`);
    console.log(formatSummary({ seed, oracle, samples, generatorSamples, memory, log }));
    if (oracle.faultCount === 0) return EXIT.done;
    const logPath = await Deno.makeTempFile({ prefix: `chat-soak-${seed}-`, suffix: ".log" });
    await Deno.writeTextFile(logPath, log);
    console.log(`the server's log: ${logPath}`);
    return EXIT.runtime;
  } finally {
    watched.abort();
    await Deno.remove(cwd, { recursive: true });
  }
}

try {
  const options = parseOptions(Deno.args);
  if (typeof options === "string") console.log(options);
  else Deno.exit(await run(options));
} catch (error) {
  console.error(formatError(error));
  Deno.exit(exitCodeOf(error));
}
