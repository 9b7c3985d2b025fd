/**
 * Processes that open key files.
 *
 * @module
 */

import type { Outcome } from "./key_file_child.ts";
import { IMPORT_FLAGS, Program, ROOT } from "./programs.ts";

/** Settings of {@linkcode startKeyFileProcess}. */
export interface ProcessOptions {
  /** Permissions and other flags of `deno run`. */
  flags?: readonly string[];
  /** In octal digits. */
  umask?: string;
  /** A command that runs the command after its own arguments, such as strace. */
  wrapper?: readonly string[];
  /** Working directory. */
  cwd?: string;
}

/** Starts `key_file_child.ts`, and waits until it is ready for paths. */
export async function startKeyFileProcess(
  { flags = ["--allow-read", "--allow-write"], umask, wrapper = [], cwd }: ProcessOptions = {},
): Promise<Program> {
  const program = Program.spawn([
    ...wrapper,
    ...[Deno.execPath(), "run", "-q", "--no-prompt", ...IMPORT_FLAGS, ...flags],
    ...(umask === undefined ? [] : ["--allow-sys"]),
    `${ROOT}tests/support/key_file_child.ts`,
    ...(umask === undefined ? [] : [umask]),
  ], { cwd, env: { NO_COLOR: "1" } });
  await program.waitFor("stdout", /^ready\n/);
  return program;
}

/** Has a process open a path; one at a time. */
export async function openInProcess(program: Program, path: string): Promise<Outcome> {
  const before = program.stdout.length;
  await program.write(`${path}\n`);
  await program.waitFor("stdout", new RegExp(`^[^]{${before}}.*\n`));
  return JSON.parse(program.stdout.slice(before));
}
