/**
 * Processes that work on state files.
 *
 * @module
 */

import { IMPORT_FLAGS, Program, ROOT } from "./programs.ts";
import type { Command, Outcome } from "./state_child.ts";

/** Starts `state_child.ts`, and waits until it is ready for commands. */
export async function startStateProcess(
  flags: readonly string[] = ["--allow-read", "--allow-write"],
): Promise<Program> {
  const child = `${ROOT}tests/support/state_child.ts`;
  const command = [Deno.execPath(), "run", "-q", "--no-prompt", ...IMPORT_FLAGS, ...flags, child];
  const program = Program.spawn(command, { env: { NO_COLOR: "1" } });
  await program.waitFor("stdout", /^ready\n/);
  return program;
}

/** Has a process do something; one at a time. */
export async function doInProcess(program: Program, command: Command): Promise<Outcome> {
  const before = program.stdout.length;
  await program.write(`${JSON.stringify(command)}\n`);
  await program.waitFor("stdout", new RegExp(`^[^]{${before}}.*\n`));
  return JSON.parse(program.stdout.slice(before));
}

/** Starts several, and calls `fn` with them. */
export async function withStateProcesses(
  count: number,
  fn: (children: Program[]) => Promise<void>,
): Promise<void> {
  const children = await Promise.all(Array.from({ length: count }, () => startStateProcess()));
  await using stack = new AsyncDisposableStack();
  for (const child of children) stack.use(child);
  await fn(children);
}
