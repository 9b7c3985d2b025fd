/**
 * Carries out `<program> completions` and `<program> man`.
 *
 * @module
 */

import type { PlainPhrase, Say } from "../../messages/phrases.ts";
import { parseCommandLine } from "../options.ts";
import type { ProgramSpec } from "../spec.ts";
import { describeCompletions, describeManual, parseShell } from "./common_commands.ts";
import { formatManual, type ManualSection } from "./manual.ts";
import { listSections } from "./manual_sections.ts";
import { formatCompletions } from "./shell_completions.ts";

const PROGRAMS = ["chat-client", "chat-server"];

/**
 * Writes the completions or the manual page of a program.
 *
 * @param spec The program.
 * @param args The program's arguments: `completions` or `man` first.
 * @param say Says help and manual in the reader's language. Completions are in English.
 * @param commands The commands of a room for the manual page: how each is typed, and what it does.
 * @returns The text with an LF at the end; or the command's help without one.
 * @throws {UsageError} If the arguments cannot be understood.
 */
export function generateText(
  spec: ProgramSpec<PlainPhrase>,
  [command, ...args]: readonly string[],
  say: Say,
  commands: ManualSection["entries"] = [],
): string {
  const isManual = command === "man";
  const describe = isManual ? describeManual : describeCompletions;
  const line = parseCommandLine(describe(spec.name), args, say);
  if (typeof line === "string") return line;
  if (!isManual) return formatCompletions(parseShell(line.args[0]!), spec);
  const others = PROGRAMS.filter((name) => name !== spec.name);
  return formatManual(spec, say, { sections: listSections(spec.name, commands, say), others });
}
