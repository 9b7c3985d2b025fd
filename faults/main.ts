/**
 * `deno task faults`: relays of one room and servers of NATS that are killed and frozen while members
 * talk, and what came of it.
 *
 * @module
 */

import { EXIT, exitCodeOf, formatError } from "../lib/cli/report_error.ts";
import { parseCommandLine } from "../lib/cli/options.ts";
import type { ProgramSpec } from "../lib/cli/spec.ts";
import { declare } from "../tests/support/needs.ts";
import { type Row, ROWS } from "./rows.ts";

const SPEC: ProgramSpec = {
  name: "faults",
  summary: "Kills and freezes servers of NATS and relays while members talk.",
  args: [],
  options: [
    { name: "only", value: "TEXT", help: "Only faults with this in their names" },
    { name: "long", help: "Also those that take minutes" },
  ],
  notes: ["Exit codes: 0 as promised, 1 otherwise, 2 wrong usage."],
};

/** Returns whether all was as promised. */
async function runAll(rows: readonly Row[]): Promise<boolean> {
  console.log("| fault | what came of it | |\n| --- | --- | --- |");
  let isGood = true;
  for (const { name, run, isToldOnly } of rows) {
    const { numbers, wrong } = await run();
    const shown = Object.entries(numbers).map(([key, value]) => `${key} ${value}`).join(", ");
    const verdict = wrong.length === 0 ? "as promised" : wrong.slice(0, 3).join("; ");
    console.log(`| ${name} | ${shown} | ${isToldOnly ? `told: ${verdict}` : verdict} |`);
    if (wrong.length > 0 && !isToldOnly) isGood = false;
  }
  return isGood;
}

try {
  const line = parseCommandLine(SPEC, Deno.args);
  if (typeof line === "string") {
    console.log(line);
  } else {
    declare("nats");
    const only = line.values.get("only") ?? "";
    const rows = ROWS.filter(({ name, isLong }) => {
      return name.includes(only) && (!isLong || line.switches.has("long"));
    });
    Deno.exitCode = await runAll(rows) ? EXIT.done : EXIT.runtime;
  }
} catch (error) {
  console.error(formatError(error));
  Deno.exitCode = exitCodeOf(error);
}
