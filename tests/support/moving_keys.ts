/**
 * Keys that move on, in Python: what `moving_keys.py` answers.
 *
 * @module
 */

import { ROOT } from "./programs.ts";
import { spawnPython } from "./python.ts";

/** What a thief finds in a token: nothing, or its text as far as that can be read. */
export type Loot = { readonly kind?: string; readonly text: string | null } | null;

/** Asks the script. */
export async function askMovingKeys(args: readonly string[], question: string): Promise<unknown> {
  await using program = spawnPython([`${ROOT}tests/support/moving_keys.py`, ...args]);
  await program.write(question);
  await program.child.stdin.close();
  const { code, stdout, stderr } = await program.finished(60);
  if (code !== 0) throw new Error(`Python failed:\n${stderr}`);
  return JSON.parse(stdout);
}

/** Opens tokens with all that files lead to. */
export async function openWith(
  files: readonly string[],
  tokens: readonly string[],
): Promise<readonly Loot[]> {
  return await askMovingKeys(["open", ...files], tokens.join("\n")) as Loot[];
}
