/**
 * Takes each limit of lib/ out in turn, and shows that a test turns red for it:
 * `deno task without-limits [NAME...]`.
 *
 * Where lib/ uses the limit, a value takes its place that does not limit. Its declaration stays as
 * it is: a test that reads the limit asks for what it has always been. All is done in a copy.
 *
 * @module
 */

import { listSources } from "../tests/support/limits.ts";
import { replaceUses } from "./constants.ts";
import { type Case, CASES, LEFT_OUT, type MissingLimit } from "./limit_cases.ts";

/** Longest that the tests of one limit take, in ms. */
const MAX_TEST_MS = 120_000;
/** What the tests read. */
const FILES = ["deno.json", "README.md", "server.ts", "client.ts"];
const FOLDERS = ["docs", "lib", "offline", "tests", "tools"];

/** Runs tests; without some limits one waits for ever, and is stopped. */
async function passes({ test, filter }: Case, cwd: string): Promise<boolean> {
  const flags = ["--no-prompt", "--no-check", "--allow-net", "--allow-read", "--allow-write"];
  flags.push("--allow-run", "--allow-env", "--allow-sys", ...filter ? ["--filter", filter] : []);
  const args = ["test", "-q", "--fail-fast", ...IMPORT_FLAGS, ...flags, test];
  const signal = AbortSignal.timeout(MAX_TEST_MS);
  const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
  const command = new Deno.Command(Deno.execPath(), { args, cwd, signal, ...streams });
  return (await command.output()).success;
}

/** Lists the files of lib/ that use a limit, as they are without it. */
function takeOut({ name, value }: MissingLimit): [path: string, source: string][] {
  const edited = [...sources].map(([path, source]): [string, string] => {
    return [path, replaceUses(path, source, name, value)];
  });
  const changed = edited.filter(([path, source]) => source !== sources.get(path));
  if (changed.length === 0) throw new Error(`Cannot take out ${name}: nothing in lib/ uses it`);
  return changed;
}

/** How to import @std goes on to the tests. */
const IMPORT_FLAGS = Deno.args.filter((arg) => arg.startsWith("--import-map="));
const asked = Deno.args.filter((arg) => !IMPORT_FLAGS.includes(arg));
const known = CASES.flatMap(({ limits }) => limits.map(({ name }) => name));
const unknown = asked.find((name) => !known.includes(name));
if (unknown !== undefined) throw new Error(`Cannot take out ${unknown}: no case covers it`);
const sources = new Map<string, string>();
for await (const path of listSources("lib")) sources.set(path, await Deno.readTextFile(path));
const noticed = new Set<string>();
const faults: string[] = [];
const copy = await Deno.makeTempDir({ prefix: "chat-limits-" });
try {
  await new Deno.Command("cp", { args: ["-r", ...FILES, ...FOLDERS, copy] }).output();
  for (const each of CASES) {
    const limits = each.limits.filter(({ name }) => asked.length === 0 || asked.includes(name));
    if (limits.length === 0) continue;
    if (!await passes(each, copy)) faults.push(`${each.test} fails with every limit in place`);
    for (const limit of limits) {
      const changed = takeOut(limit);
      for (const [path, source] of changed) await Deno.writeTextFile(`${copy}/${path}`, source);
      const isNoticed = !await passes(each, copy);
      for (const [path] of changed) await Deno.writeTextFile(`${copy}/${path}`, sources.get(path)!);
      if (isNoticed) noticed.add(limit.name);
      else faults.push(`${each.test} does not notice that ${limit.name} is missing`);
      console.log(`${isNoticed ? "noticed" : "NOT NOTICED"}  without ${limit.name}: ${each.test}`);
    }
  }
} finally {
  await Deno.remove(copy, { recursive: true });
}
console.log(`${noticed.size} limits are noticed when they are missing`);
if (asked.length === 0) {
  console.log(`${LEFT_OUT.flatMap(({ names }) => names).length} numbers are left out:`);
  for (const { reason, names } of LEFT_OUT) console.log(`- ${reason}: ${names.join(", ")}`);
}
for (const fault of faults) console.error(`Fault: ${fault}`);
if (faults.length > 0) Deno.exit(1);
