/**
 * Real Python programs, such as clients on `python3-cryptography`.
 *
 * @module
 */

import { PYTHON } from "./needs.ts";
import { Program } from "./programs.ts";

/** Where and with what a Python program runs. */
export type PythonOptions = Pick<Deno.CommandOptions, "cwd" | "env">;

/** Starts a Python program; its output is not held back. */
export function spawnPython(args: readonly string[], options: PythonOptions = {}): Program {
  return Program.spawn([PYTHON, "-u", ...args], options);
}

/** Runs a Python program to its end and returns what it printed. */
export async function runPython(
  code: string,
  { args = [], ...options }: PythonOptions & { readonly args?: readonly string[] } = {},
): Promise<string> {
  await using program = spawnPython(["-c", code, ...args], options);
  await program.child.stdin.close();
  const { code: status, stdout, stderr } = await program.finished(120);
  if (status !== 0) throw new Error(`Python failed:\n${stderr}`);
  return stdout;
}
