/**
 * Runs the tests: `deno task test`. Its arguments go to `deno test`, and paths under tests/ among
 * them are run instead of all.
 *
 * Its last line says how many tests this machine left out, what it lacks, and what brings that;
 * where nothing was left out, Deno's summary is the last line.
 *
 * @module
 */

import { describe, type Part, readLeftOut } from "../tests/support/needs.ts";

/**
 * Reads which tests were left out, each with the parts that it needs, in a JUnit report. Those that
 * `--filter` leaves out are in it too, but have no time.
 */
function listLeftOut(report: string): Part[][] {
  const cases = report.matchAll(/<testcase name="([^"]*)" classname="[^"]*" time=/g);
  const names = [...cases].map(([, name]) => name!);
  return names.map(readLeftOut).filter((parts) => parts.length > 0);
}

const report = await Deno.makeTempFile({ prefix: "chat-tests-", suffix: ".xml" });
// Ctrl-C reaches the tests too: they say which one was running, and end.
Deno.addSignalListener("SIGINT", () => {});
try {
  const paths = Deno.args.some((arg) => arg.startsWith("tests/")) ? [] : ["tests/"];
  const args = ["test", "-q", `--junit-path=${report}`, ...Deno.args, ...paths];
  const { code } = await new Deno.Command(Deno.execPath(), { args }).spawn().status;
  const leftOut = listLeftOut(await Deno.readTextFile(report));
  if (leftOut.length > 0) {
    const missing = [...new Set(leftOut.flat())].sort();
    console.log(`tests left out: ${leftOut.length}; ${describe(missing)}`);
  }
  Deno.exitCode = code;
} finally {
  await Deno.remove(report);
}
