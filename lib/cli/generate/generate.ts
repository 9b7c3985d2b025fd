/**
 * `<program> completions` and `<program> man`.
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
 * Writes what a program makes from its own table.
 *
 * @param spec The program.
 * @param args Its arguments, the command's name first.
 * @param say Says help and manual in the reader's language; completions are in English.
 * @param commands What can be typed in the program: how, and what it does.
 * @returns The text, with an LF at the end; the command's help without.
 * @throws {UsageError} If the arguments cannot be understood.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * import { SERVER_SPEC } from "../server_spec.ts";
 * const script = generateText(SERVER_SPEC, ["completions", "fish"], sayIn("en"));
 * assert.match(script, /^# chat-server: completions for fish\./);
 * ```
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
