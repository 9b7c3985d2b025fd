/**
 * Writes manual pages, from a program's table.
 *
 * @module
 * @see https://man7.org/linux/man-pages/man7/groff_man_style.7.html
 */

import type { PlainPhrase, Say } from "../../messages/phrases.ts";
import { VERSION } from "../../version.ts";
import { describeOption, listArguments, listUsages } from "../help.ts";
import {
  COMMON_OPTIONS,
  listCommandSpecs,
  listSpellings,
  type OptionSpec,
  type ProgramSpec,
} from "../spec.ts";

/** A section of a manual page: a list, such as that of the keys. */
export interface ManualSection {
  readonly title: PlainPhrase;
  /** Each entry's name, and its explanation in the reader's language. */
  readonly entries: readonly (readonly [tag: string, text: string])[];
}

/**
 * Writes the manual page of a program.
 *
 * @param spec The program.
 * @param say Says the table's texts in the reader's language.
 * @param more `sections`: what the table does not have. `others`: the programs to refer to.
 * @returns A page of section 1 for `man`: ASCII, with an LF at the end.
 */
export function formatManual(
  spec: ProgramSpec<PlainPhrase>,
  say: Say,
  { sections, others }: {
    readonly sections: readonly ManualSection[];
    readonly others: readonly string[];
  },
): string {
  const heading = (title: PlainPhrase) => `.SH ${escapeRoff(say(title))}`;
  const commands = listCommandSpecs(spec);
  return [
    `.TH ${escapeRoff(spec.name)} 1 "" "encrypted\\-chatroom ${VERSION}"`,
    heading("NAME"),
    `${escapeRoff(spec.name)} \\- ${escapeRoff(headline(say(spec.summary)))}`,
    heading("SYNOPSIS"),
    ...[spec, ...commands.map((command) => command.spec)].flatMap(formatSynopses).flatMap(
      (line, i) => {
        return [...i > 0 ? [".br"] : [], line];
      },
    ),
    heading("DESCRIPTION"),
    escapeRoff(say(spec.summary)),
    ...listArguments(spec).flatMap(([name, help]) =>
      formatEntry(`\\fI${escapeRoff(name)}\\fR`, say(help))
    ),
    ...commands.length > 0 ? [heading("COMMANDS")] : [],
    ...commands.flatMap((command) => formatCommand(spec, command.spec, say)),
    heading("OPTIONS"),
    ...[...spec.options, ...COMMON_OPTIONS].flatMap((option) => formatOption(option, say)),
    ...spec.notes.length > 0 ? [heading("NOTES")] : [],
    ...spec.notes.flatMap((note, i) => [...i > 0 ? [".PP"] : [], escapeRoff(say(note))]),
    ...sections.flatMap(({ title, entries }) => [
      heading(title),
      ...entries.flatMap(([tag, text]) => formatEntry(`\\fB${escapeRoff(tag)}\\fR`, text)),
    ]),
    ...others.length > 0 ? [heading("SEE ALSO")] : [],
    ...others.map((name) => `.BR ${escapeRoff(name)} (1)`),
    "",
  ].join("\n");
}

/**
 * Writes text so that roff prints it as it is.
 *
 * @param text One line.
 * @returns ASCII. Hyphens stay hyphens, so that a reader can copy them and search for them.
 * @see https://man7.org/linux/man-pages/man7/groff_char.7.html
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(escapeRoff(".a\\b --c é"), "\\&.a\\eb \\-\\-c \\[u00E9]");
 * ```
 */
export function escapeRoff(text: string): string {
  return text
    .replaceAll("\\", "\\e")
    .replaceAll("-", "\\-")
    .replaceAll("~", "\\(ti")
    .replaceAll("^", "\\(ha")
    .replaceAll("`", "\\(ga")
    .replaceAll("'", "\\(aq")
    .replaceAll(/[^\0-\x7f]/gu, (char) => {
      return `\\[u${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`;
    })
    .replace(/^\./, "\\&.");
}

/** The first sentence, in the form that `apropos` lists. */
function headline(summary: string): string {
  const sentence = summary.split(". ")[0]!.replace(/\.$/, "");
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

function formatSynopses(spec: ProgramSpec): string[] {
  return listUsages(spec).map((usage) => {
    const rest = escapeRoff(usage.slice(spec.name.length)).replaceAll(/<([^>]*)>/g, "\\fI$1\\fR");
    return `\\fB${escapeRoff(spec.name)}\\fR${rest}`;
  });
}

/** Writes a command, and those of its options that the program itself does not have. */
function formatCommand(
  program: ProgramSpec<PlainPhrase>,
  command: ProgramSpec<PlainPhrase>,
  say: Say,
): string[] {
  const isKnown = (option: OptionSpec<PlainPhrase>) => program.options.includes(option);
  const own = command.options.filter((option) => !isKnown(option));
  return [
    ".TP",
    formatSynopses({ ...command, name: command.name.slice(program.name.length + 1) })[0]!,
    escapeRoff(say(command.summary)),
    ...command.notes.map((note) => escapeRoff(say(note))),
    ...own.length > 0 ? [".RS", ...own.flatMap((option) => formatOption(option, say)), ".RE"] : [],
  ];
}

function formatOption(option: OptionSpec<PlainPhrase>, say: Say): string[] {
  const short = option.short ? [`-${option.short}`] : [];
  const spellings = [...short, ...listSpellings(option)];
  const value = option.value ? ` \\fI${escapeRoff(option.value)}\\fR` : "";
  const tag = spellings.map((spelling) => `\\fB${escapeRoff(spelling)}\\fR`).join(", ");
  return formatEntry(tag + value, describeOption(option, say));
}

function formatEntry(tag: string, text: string): string[] {
  return [".TP", tag, escapeRoff(text)];
}
