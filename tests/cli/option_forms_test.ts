import assert from "node:assert/strict";
import { formatHelp } from "../../lib/cli/help.ts";
import { formatVersion } from "../../lib/version.ts";
import { parseCommandLine } from "../../lib/cli/options.ts";
import type { ProgramSpec } from "../../lib/cli/spec.ts";
import { listOptionForms, type OptionForm } from "../support/option_forms.ts";
import { testNeeding } from "../support/needs.ts";
import { IMPORT_FLAGS, Program, ROOT } from "../support/programs.ts";
import { pureTest } from "../support/pure.ts";

pureTest("parseCommandLine() reads every option of the programs in every form", () => {
  const forms = listOptionForms();
  assert.ok(forms.length > 1000, `${forms.length} forms`);
  for (const { spec, args, means } of forms) {
    const words = spec.args.map((_, i) => i === 0 ? "true" : `${i}`);
    const lines = [[...words, ...args]];
    // None of the arguments behind a switch is its value.
    if (Object.values(means).includes(true)) lines.push([...args, ...words]);
    for (const line of lines) assertMeans(spec, line, words, means);
  }
});

/** Prints the table of all forms in a process with the given imports. */
async function printForms(imports: readonly string[]): Promise<string> {
  const child = `${ROOT}tests/support/option_forms.ts`;
  await using program = Program.spawn([Deno.execPath(), "run", "-q", ...imports, child]);
  const { code, stdout, stderr } = await program.finished();
  assert.equal(code, 0, stderr);
  return stdout;
}

testNeeding(["run"], "every form is read alike with @std and with the stand-ins", async (t) => {
  const standIns = [`--import-map=${ROOT}offline/import_map.json`];
  const [table, offlineTable] = await Promise.all([IMPORT_FLAGS, standIns].map(printForms));
  assert.equal(table, offlineTable);
  const rows = table!.trimEnd().split("\n").length;
  await t.step(`${rows} rows each`, () => assert.equal(rows, listOptionForms().length));
});

function assertMeans(
  spec: ProgramSpec,
  line: readonly string[],
  words: readonly string[],
  means: OptionForm["means"],
): void {
  const row = `${spec.name} ${line.join(" ")}`;
  if ("error" in means) {
    assert.throws(() => parseCommandLine(spec, line), { message: means.error }, row);
    return;
  }
  const parsed = parseCommandLine(spec, line);
  if (typeof parsed !== "string") {
    const { args, values, switches, lists = new Map() } = parsed;
    const given = [...values, ...switches, ...[...lists].map(([name, all]) => [name, all.at(-1)])];
    assert.deepEqual({ args, ...Object.fromEntries(given) }, {
      args: words,
      ...means,
    }, row);
  } else if ("help" in means) assert.equal(parsed, formatHelp(spec, String), row);
  else assert.deepEqual([parsed, means], [formatVersion(spec.name), { version: true }], row);
}
