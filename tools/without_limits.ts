/**
 * Takes each limit out in turn and shows that a test turns red for it:
 * `deno task without-limits [NAME...]`.
 *
 * Another value stands where lib/ uses the limit, one so large or small that it no longer limits.
 * Its declaration stays, so that tests which read it go on asking for the limit itself. Of a limit
 * that lib/ does not use, the declaration is changed. All is done in a copy.
 *
 * @module
 */

import { declareAs, listConstants, replaceUses } from "./constants.ts";
import { CASES, LEFT_OUT, withoutLimit } from "./limit_cases.ts";
import { listSources } from "../tests/support/limits.ts";

/** Longest that the tests of one limit take, in ms. */
const MAX_TEST_MS = 120_000;
/** What the tests read. */
const FILES = [
  ...["deno.json", "README.md", "server.ts", "client.ts"],
  ...["docs", "lib", "offline", "tests", "tools"],
];

const IMPORT_FLAGS = Deno.args.filter((arg) => arg.startsWith("--import-map="));
const asked = Deno.args.filter((arg) => !IMPORT_FLAGS.includes(arg));
const copy = await Deno.makeTempDir({ prefix: "chat-limits-" });

/** Runs a test file in the copy; without some limits a test waits for ever, and so fails. */
async function passes(test: string, filter: string | undefined): Promise<boolean> {
  const flags = ["--no-prompt", "--no-check", "--allow-net", "--allow-read", "--allow-write"];
  flags.push("--allow-run", "--allow-env", "--allow-sys", ...filter ? ["--filter", filter] : []);
  const args = ["test", "-q", "--fail-fast", ...IMPORT_FLAGS, ...flags, `tests/${test}`];
  const signal = AbortSignal.timeout(MAX_TEST_MS);
  const options = { args, cwd: copy, signal, stdin: "null", stdout: "null", stderr: "null" };
  return (await new Deno.Command(Deno.execPath(), options as Deno.CommandOptions).output()).success;
}

/** The files of lib/ as they are without a limit. */
function takeOut(limit: string, value: string, sources: Map<string, string>): [string, string][] {
  const change = (edit: typeof replaceUses) =>
    [...sources].map(([file, source]): [string, string] => [file, edit(source, limit, value)])
      .filter(([file, source]) => source !== sources.get(file));
  const changed = change(replaceUses);
  return changed.length > 0 ? changed : change(declareAs);
}

const sources = new Map<string, string>();
for await (const file of listSources("lib")) sources.set(file, await Deno.readTextFile(file));
const names = [...sources].flatMap(([file, source]) => listConstants(file, source))
  .map(({ name }) => name);
const faults: string[] = [];
let covered = 0;
try {
  await new Deno.Command("cp", { args: ["-r", ...FILES, copy] }).output();
  for (const { test, filter, limits } of CASES) {
    const wanted = limits.map(withoutLimit)
      .filter(([name]) => asked.length === 0 || asked.includes(name));
    if (wanted.length === 0) continue;
    if (!await passes(test, filter)) faults.push(`${test} fails with all limits`);
    for (const [name, value] of wanted) {
      const changed = takeOut(name, value, sources);
      if (changed.length === 0) throw new Error(`Cannot take out ${name}: lib/ has no such limit`);
      for (const [file, source] of changed) await Deno.writeTextFile(`${copy}/${file}`, source);
      const isNoticed = !await passes(test, filter);
      for (const [file] of changed) await Deno.writeTextFile(`${copy}/${file}`, sources.get(file)!);
      if (isNoticed) covered++;
      else faults.push(`${name} is not missed by ${test}`);
      console.log(`${isNoticed ? "noticed" : "NOT NOTICED"}  without ${name}: ${test}`);
    }
  }
} finally {
  await Deno.remove(copy, { recursive: true });
}
for (const [reason, left] of LEFT_OUT) console.log(`left out, ${reason}: ${left.join(", ")}`);
for (const fault of faults) console.log(`FAULT: ${fault}`);
