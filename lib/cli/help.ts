/**
 * Writes the help of a program, from its table.
 *
 * @module
 */

import {
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
    `${say("Usage:")} ${formatUsage(spec)}`,
    formatRows(spec.args.map(([name, help]) => [name, say(help)])),
    commands.length > 0 ? `${say("Commands:")}\n${formatRows(commands)}` : "",
    `${say("Options:")}\n${formatRows(options)}`,
    ...[...spec.notes, ...spec.helpNotes ?? []].map((note) => wrap(say(note))),
  ].filter((paragraph) => paragraph !== "").join("\n\n");
}

/**
 * Writes how a program is called.
 *
 * @param spec The program.
 * @returns Such as `chat-client <ip> <port> [options]`.
 */
export function formatUsage(spec: Pick<ProgramSpec, "name" | "args">): string {
  return [spec.name, ...spec.args.map(([name]) => `<${name}>`), "[options]"].join(" ");
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

function formatRows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
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
