/**
 * Runs the tests: `deno task test`. Its arguments go to `deno test`; paths under tests/ among them
 * are run instead of all.
 *
 * Where this machine left tests out, a last line says how many, what it lacks, and what brings that.
 *
 * @module
 */

import {
  describe,
  type Part,
  PARTS_VARIABLE,
  probeParts,
  readLeftOut,
} from "../tests/support/needs.ts";

type Status = Deno.CommandStatus;
type Env = Readonly<Record<string, string>>;

/** Files of tests that run at once: most of a test with programs is waiting for these. */
const JOBS = navigator.hardwareConcurrency + 2;

/** What ends a run from outside; it goes to the tests, and these say which one was running. */
const SIGNALS: readonly Deno.Signal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Reads which tests were left out, each with the parts that it needs, in a JUnit report. Those that
 * `--filter` leaves out are in it too, but have no time.
 */
function listLeftOut(report: string): Part[][] {
  const cases = report.matchAll(/<testcase name="([^"]*)" classname="[^"]*" time=/g);
  const names = [...cases].map(([, name]) => name!);
  return names.map(readLeftOut).filter((parts) => parts.length > 0);
}

/** Tests that measure time or memory: they run after the others, with nothing beside them. */
const MEASURED = ["tests/measured", "tests/attacks"];

/** The arguments of each run of `deno test`: paths that were named are run one by one. */
async function listPasses(): Promise<string[][]> {
  if (Deno.args.some((arg) => arg.startsWith("tests/"))) return [[...Deno.args]];
  const passes = [["--parallel", ...Deno.args, `--ignore=${MEASURED.join()}`, "tests/"]];
  const isThere = await Promise.all(
    MEASURED.map((path) => Deno.stat(path).then(() => true, () => false)),
  );
  const measured = MEASURED.filter((_, i) => isThere[i]);
  // Attacks that take long are in a folder of their own: `deno task attacks` runs them.
  const files = measured.map((path) => `${path}/*_test.ts`);
  if (files.length > 0) passes.push([...Deno.args, ...files]);
  return passes;
}

/** Runs `deno test`, and passes signals on to it. The types are another task's, `check`. */
async function runTests(args: string[], report: string, env: Env): Promise<Status> {
  const flags = ["test", "-q", "--no-check", `--junit-path=${report}`];
  const child = new Deno.Command(Deno.execPath(), { args: [...flags, ...args], env }).spawn();
  const passOn = SIGNALS.map((signal) => {
    const listener = () => {
      try {
        child.kill(signal);
      } catch {
        // It has ended: Ctrl-C reaches both.
      }
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  const status = await child.status;
  for (const stop of passOn) stop();
  return status;
}

const directory = await Deno.makeTempDir({ prefix: "chat-tests-" });
try {
  const env = { DENO_JOBS: String(JOBS), [PARTS_VARIABLE]: await probeParts() };
  const leftOut: Part[][] = [];
  for (const [i, args] of (await listPasses()).entries()) {
    const report = `${directory}/${i}.xml`;
    const { code, signal } = await runTests(args, report, env);
    Deno.exitCode ||= code;
    if (signal !== null) break;
    leftOut.push(...listLeftOut(await Deno.readTextFile(report)));
  }
  if (leftOut.length > 0) {
    const missing = [...new Set(leftOut.flat())].sort();
    console.log(`tests left out: ${leftOut.length}; ${describe(missing)}`);
  }
} finally {
  await Deno.remove(directory, { recursive: true });
}
