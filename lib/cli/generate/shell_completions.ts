/**
 * Completions for shells, from a program's table.
 *
 * @module
 */

import type { ProgramSpec } from "../spec.ts";
import type { Shell } from "./common_commands.ts";
import { formatBashCompletions } from "./bash_completions.ts";
import { formatFishCompletions } from "./fish_completions.ts";
import { formatZshCompletions } from "./zsh_completions.ts";

/**
 * Writes what makes a shell complete a program's command line.
 *
 * @param shell Which shell.
 * @param spec The program; its help is in English.
 * @returns A script to be loaded by the shell, with an LF at the end.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { SERVER_SPEC } from "../server_spec.ts";
 * assert.match(formatCompletions("zsh", SERVER_SPEC), /^#compdef chat-server\n/);
 * ```
 */
export function formatCompletions(shell: Shell, spec: ProgramSpec): string {
  switch (shell) {
    case "bash":
      return formatBashCompletions(spec);
    case "zsh":
      return formatZshCompletions(spec);
    case "fish":
      return formatFishCompletions(spec);
  }
}
