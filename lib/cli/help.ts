/**
 * Writes the help of a program, from its table.
 *
 * @module
 */

import {
  type ArgumentSpec,
  COMMON_OPTIONS,
  type CommonText,
  describeFallback,
  type OptionSpec,
  type ProgramSpec,
  spellOption,
  type Translate,
} from "./spec.ts";

/** Width of the help, in columns. */
const COLUMNS = 80;

/**
 * Writes the help of a program.
 *
 * @param spec The program.
 * @param say Says the table's texts in the reader's language.
 * @returns Lines without an LF at the end. Paragraphs are wrapped to 80 columns. Rows of arguments
 * and options are not wrapped.
 */
export function formatHelp<Text extends string>(
  spec: ProgramSpec<Text>,
  say: Translate<Text>,
): string {
  const options = [...spec.options, ...COMMON_OPTIONS].map((option): [string, string] => {
    const short = option.short ? `-${option.short}, ` : "    ";
    return [`${short}${spellOption(option)}`, describeOption(option, say)];
  });
  const commands = (spec.commands ?? []).map(({ name, spec }): [string, string] => {
    return [name, say(spec.summary)];
  });
  return [
    say(spec.summary),
    listUsages(spec).map((usage, i) => {
      const label = say("Usage:");
      return `${i === 0 ? label : " ".repeat(label.length)} ${usage}`;
    }).join("\n"),
    formatRows(listArguments(spec).map(([name, help]) => [name, say(help)])).join("\n"),
    commands.length > 0 ? `${say("Commands:")}\n${formatRows(commands).join("\n")}` : "",
    `${say("Options:")}\n${formatRows(options).join("\n")}`,
    ...[...spec.notes, ...spec.helpNotes ?? []].map((note) => wrap(say(note))),
  ].filter((paragraph) => paragraph !== "").join("\n\n");
}

/**
 * Writes how a program is called.
 *
 * @param spec The program.
 * @returns Such as `chat-client <ip> <port> [options]`.
 */
export function formatUsage(
  { name, args, rest, commands }: Pick<ProgramSpec, "name" | "args" | "rest" | "commands">,
): string {
  const words = [...args.map(([word]) => `<${word}>`), ...rest ? [`[${rest[0]}]`] : []];
  if (args.length === 0 && commands) {
    words.push(`[${commands.map((command) => command.name).join("|")}]`);
  }
  return [name, ...words, "[options]"].join(" ");
}

/**
 * Writes all ways in which a program is called.
 *
 * @param spec The program.
 * @returns Such as `chat-client <ip> <port> [options]`, and then `chat-client <room> [options]`.
 */
export function listUsages<Text extends string>(spec: ProgramSpec<Text>): string[] {
  const { name, single } = spec;
  return [formatUsage(spec), ...single ? [formatUsage({ name, args: [single] })] : []];
}

/**
 * Lists the arguments of a program, with the one that can stand in place of the others.
 *
 * @param spec The program.
 */
export function listArguments<Text extends string>(
  { args, rest, single }: ProgramSpec<Text>,
): ArgumentSpec<Text>[] {
  return [...args, ...rest ? [rest] : [], ...single ? [single] : []];
}

/**
 * Says what an option does, which values it takes, and its default.
 *
 * @param option The option.
 * @param say Says the table's texts in the reader's language.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const choices = ["off", "all"];
 * const option = { name: "bell", value: "WHEN", help: "Ring", choices, fallback: "off" };
 * assert.equal(describeOption(option, String), "Ring: off, all [off]");
 * ```
 */
export function describeOption<Text extends string>(
  option: OptionSpec<Text | CommonText>,
  say: Translate<Text>,
): string {
  const fallback = describeFallback(option, say);
  const choices = option.choices ? `${say(":")} ${option.choices.join(", ")}` : "";
  return `${say(option.help)}${choices}${fallback === undefined ? "" : ` [${fallback}]`}`;
}

/**
 * Writes a table of two columns.
 *
 * @param rows What stands in each.
 * @returns Indented lines.
 */
export function formatRows(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** Breaks a paragraph at its spaces. French has spaces before marks such as `:`: they stay. */
function wrap(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<!«) (?![;:!?»])/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length > COLUMNS && line !== "") {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line].join("\n");
}
