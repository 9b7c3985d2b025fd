/**
 * Makes `dist/chat-server` and `dist/chat-client`: `deno task compile`.
 *
 * Other arguments, such as `--target aarch64-apple-darwin`, go to `deno compile`.
 *
 * @module
 */

import { bold, red } from "@std/fmt/colors";
import { prepareNpmToolchain, type Toolchain } from "./npm_toolchain.ts";
import { readTarget } from "./targets.ts";
import { type Config, taskFlags } from "./task_flags.ts";

const RUNTIME_PATH = "dist/.denort";
/** Where each program's modules are put together. */
const BUNDLES_PATH = "dist/.bundles";
/** Longest wait for that, in ms: the tool for it may have to be fetched. */
const BUNDLE_TIMEOUT_MS = 60_000;
const PROGRAMS = ["server", "client"] as const;

type Program = (typeof PROGRAMS)[number];

async function main(): Promise<void> {
  const target = readTarget(Deno.args);
  const config: Config = JSON.parse(await Deno.readTextFile("deno.json"));
  const excluded = await findExcluded();
  let toolchain: Toolchain = { deno: Deno.execPath(), env: {} };
  for (const program of PROGRAMS) {
    const flags = taskFlags(config, program);
    // Nothing names it in a way that the compiler sees: it is loaded when a code is drawn.
    const more = program === "client" ? [`--include=${config.imports!.uqr}`] : [];
    const args = compileArgs(program, await bundle(program, config), [...flags, ...more], excluded);
    const isOlder = "DENORT_BIN" in toolchain.env;
    const { success, errors } = await run(toolchain, isOlder ? adapt(args, program) : args);
    if (success) continue;
    if (!isRuntimeMissing(errors)) throw new Error(`Cannot compile ${program}.ts:\n${errors}`);
    if (target !== undefined || !isLinuxX64()) {
      throw new Error(
        "Cannot compile: the runtime of that platform cannot be downloaded from this network",
      );
    }
    console.error(
      "note: Deno's runtime cannot be downloaded; using an older one from npm, " +
        "for tests and local use only",
    );
    toolchain = await prepareNpmToolchain(RUNTIME_PATH);
    const retry = await run(toolchain, adapt(args, program));
    if (!retry.success) throw new Error(`Cannot compile ${program}.ts:\n${retry.errors}`);
  }
  for (const program of PROGRAMS) console.log(`dist/chat-${program}`);
}

/** A compiled program gets the very permissions and engine settings that its task has. */
function compileArgs(
  program: Program,
  entry: string,
  flags: readonly string[],
  excluded: readonly string[],
): string[] {
  // The code cache would be a file in /tmp, and its code would be run unchecked.
  const fixed = ["compile", "-q", "--no-lock", "--no-code-cache"];
  const exclude = excluded.map((path) => `--exclude=${path}`);
  return [
    ...fixed,
    ...exclude,
    ...Deno.args,
    ...flags,
    "-o",
    `dist/chat-${program}`,
    entry,
  ];
}

/**
 * The older runtime lets a program stop itself, as Ctrl-Z asks, only if it may run others. Without
 * it, dash could not even be told to continue the client: the terminal would still be the client's.
 */
function adapt(args: readonly string[], program: Program): string[] {
  const [command, ...rest] = args;
  return [command!, ...program === "client" ? ["--allow-run"] : [], ...rest];
}

/**
 * Puts a program's modules together, but for what it loads later: loading 150 of them takes a fifth
 * of its start.
 *
 * @returns What to compile: the modules as they are where that fails, and works as well.
 */
async function bundle(program: Program, { imports = {} }: Config): Promise<string> {
  const fixed = ["bundle", "-q", "--platform=deno", "--code-splitting"];
  const maps = Deno.args.filter((arg) => arg.startsWith("--import-map="));
  // These are embedded as they are.
  const packages = Object.keys(imports).filter((name) => imports[name]!.startsWith("npm:"));
  const externals = packages.map((name) => `--external=${name}`);
  const directory = `${BUNDLES_PATH}/${program}`;
  const args = [...fixed, ...maps, ...externals, `--outdir=${directory}`, `${program}.ts`];
  const signal = AbortSignal.timeout(BUNDLE_TIMEOUT_MS);
  const { success } = await run({ deno: Deno.execPath(), env: {} }, args, signal);
  return success ? `${directory}/${program}.js` : `${program}.ts`;
}

/**
 * Finds what must not be embedded: bintrees (of prom-client) comes with its tests, one of them
 * 2 MB of numbers that the compiler takes for one expression, and its stack overflows.
 */
async function findExcluded(): Promise<string[]> {
  const deno = { deno: Deno.execPath(), env: {} };
  const imports = Deno.args.filter((arg) => arg.startsWith("--import-map="));
  const { success, errors } = await run(deno, ["cache", "-q", ...imports, "server.ts"]);
  if (!success) throw new Error(`Cannot fetch what server.ts imports:\n${errors}`);
  const info = new Deno.Command(Deno.execPath(), { args: ["info", "--json", "--no-config"] });
  const { npmCache } = JSON.parse(new TextDecoder().decode((await info.output()).stdout));
  const found: string[] = [];
  for await (const registry of Deno.readDir(npmCache)) {
    const path = `${npmCache}/${registry.name}/bintrees`;
    if (!await Deno.stat(path).then((at) => at.isDirectory, () => false)) continue;
    for await (const version of Deno.readDir(path)) found.push(`${path}/${version.name}/test`);
  }
  return found;
}

async function run(
  { deno, env }: Toolchain,
  args: string[],
  signal?: AbortSignal,
): Promise<{ success: boolean; errors: string }> {
  const command = new Deno.Command(deno, { args, env, signal, stdout: "null", stderr: "piped" });
  const { success, stderr } = await command.output();
  return { success, errors: new TextDecoder().decode(stderr) };
}

function isRuntimeMissing(errors: string): boolean {
  return /Setting up base binary|denort/.test(errors);
}

function isLinuxX64(): boolean {
  return Deno.build.target === "x86_64-unknown-linux-gnu";
}

try {
  await Deno.mkdir("dist", { recursive: true });
  await main();
} catch (error) {
  console.error(`${bold(red("error:"))} ${(error as Error).message}`);
  Deno.exitCode = 1;
} finally {
  for (const path of [RUNTIME_PATH, BUNDLES_PATH]) {
    await Deno.remove(path, { recursive: true }).catch(() => {});
  }
}
