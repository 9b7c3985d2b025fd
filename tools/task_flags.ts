/**
 * The flags that deno.json's tasks name, for others who start the programs.
 *
 * @module
 */

/** The part of deno.json that is read here. */
export interface Config {
  /** What is imported, by the names that modules use. */
  readonly imports?: Readonly<Record<string, string>>;
  readonly tasks: Record<string, { readonly command: string }>;
}

/**
 * Lists the flags with which a task's program has to run, wherever it is started.
 *
 * @param config deno.json, parsed.
 * @param task Its name.
 * @returns `--no-prompt`, `--allow-...` and `--v8-flags=...`, in their order.
 * @throws {Error} If there is no such task.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const config = { tasks: { hi: { command: "deno run -q --allow-net hi.ts" } } };
 * assert.deepEqual(taskFlags(config, "hi"), ["--allow-net"]);
 * ```
 */
export function taskFlags(config: Config, task: string): string[] {
  const command = config.tasks[task]?.command;
  if (command === undefined) throw new Error(`Cannot read flags: there is no task ${task}`);
  return command.split(" ").filter((word) => /^--(no-prompt$|allow-|v8-flags=)/.test(word));
}
