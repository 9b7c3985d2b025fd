/**
 * Writes completions for shells, from a program's table.
 *
 * @module
 */

import type { ProgramSpec } from "../spec.ts";
import type { Shell } from "./common_commands.ts";
import { formatBashCompletions } from "./bash_completions.ts";
import { formatFishCompletions } from "./fish_completions.ts";
import { formatZshCompletions } from "./zsh_completions.ts";

/**
 * Writes the script with which a shell completes a program's command line.
 *
 * @param shell The shell.
 * @param spec The program. Its texts are in English.
 * @returns A script for the shell to load, with an LF at the end.
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
