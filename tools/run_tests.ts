/**
 * Runs the tests: `deno task test`. Its arguments go to `deno test`; paths under tests/ among them
 * are run instead of all.
 *
 * Where this machine left tests out, a last line says how many, what it lacks, and what brings that.
 *
 * @module
 */

import { describe, type Part, readLeftOut } from "../tests/support/needs.ts";

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

/** Runs `deno test`, and passes signals on to it. */
async function runTests(report: string): Promise<Deno.CommandStatus> {
  const paths = Deno.args.some((arg) => arg.startsWith("tests/")) ? [] : ["tests/"];
  const args = ["test", "-q", `--junit-path=${report}`, ...Deno.args, ...paths];
  const child = new Deno.Command(Deno.execPath(), { args }).spawn();
  for (const signal of SIGNALS) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch {
        // It has ended: Ctrl-C reaches both.
      }
    });
  }
  return await child.status;
}

const report = await Deno.makeTempFile({ prefix: "chat-tests-", suffix: ".xml" });
try {
  const { code, signal } = await runTests(report);
  const leftOut = listLeftOut(await Deno.readTextFile(report));
  if (leftOut.length > 0 && signal === null) {
    const missing = [...new Set(leftOut.flat())].sort();
    console.log(`tests left out: ${leftOut.length}; ${describe(missing)}`);
  }
  Deno.exitCode = code;
} finally {
  await Deno.remove(report);
}
