/**
 * The tables of the commands that both programs have: `completions` and `man`.
 *
 * @module
 */

import { UsageError } from "../../errors.ts";
import type { PlainPhrase } from "../../messages/phrases.ts";
import { worded } from "../../messages/wording.ts";
import type { ProgramSpec } from "../spec.ts";

/** A shell for which there are completions. */
export type Shell = (typeof SHELLS)[number];

const SHELLS = ["bash", "zsh", "fish"] as const;

/**
 * Makes the table of `<program> completions`.
 *
 * @param program `chat-client` or `chat-server`.
 */
export function describeCompletions(program: string): ProgramSpec<PlainPhrase> {
  return {
    name: `${program} completions`,
    summary: "Prints completions for a shell.",
    args: [["shell", "bash, zsh or fish", SHELLS]],
    options: [],
    notes: [],
  };
}

/**
 * Makes the table of `<program> man`.
 *
 * @param program `chat-client` or `chat-server`.
 */
export function describeManual(program: string): ProgramSpec<PlainPhrase> {
  return {
    name: `${program} man`,
    summary: "Prints the manual page.",
    args: [],
    options: [],
    notes: [],
  };
}

/**
 * Reads the name of a shell.
 *
 * @param text The name, such as `bash`.
 * @throws {UsageError} If there are no completions for this shell.
 */
export function parseShell(text: string): Shell {
  const shell = SHELLS.find((each) => each === text);
  if (shell !== undefined) return shell;
  const hint = worded("Use one of: {choices}.", { choices: SHELLS.join(", ") });
  throw new UsageError(worded("No completions for {shell}", { shell: JSON.stringify(text) }), hint);
}
