/**
 * Completions for fish.
 *
 * @module
 * @see https://fishshell.com/docs/current/completions.html
 */

import { COMMON_OPTIONS, listSpellings, type OptionSpec, type ProgramSpec } from "../spec.ts";

/**
 * Writes the script with which fish completes a program's command line.
 *
 * @param spec The program.
 * @returns A script to source, or to put in fish's directory of completions. It has an LF at the
 * end.
 */
export function formatFishCompletions(spec: ProgramSpec): string {
  const commands = spec.commands ?? [];
  const seen = "__fish_seen_subcommand_from";
  const isPlain = `not ${seen} ${commands.map(({ name }) => name).join(" ")}`;
  const lines = [
    `# ${spec.name}: completions for fish. Source this file.`,
    "",
    `complete -c ${spec.name} -f`,
    ...commands.map(({ name, spec: command }) => {
      const isFirst = quote("test (count (commandline -opc)) -eq 1");
      return `complete -c ${spec.name} -n ${isFirst} -a ${name} -d ${quote(command.summary)}`;
    }),
    ...formatOptions(spec.name, isPlain, spec),
    ...commands.flatMap(({ name, spec: command }) => [
      ...formatOptions(spec.name, `${seen} ${name}`, command),
      ...command.args.flatMap(([, , choices]) => {
        if (!choices) return [];
        const words = quote(choices.join(" "));
        return [`complete -c ${spec.name} -n ${quote(`${seen} ${name}`)} -a ${words}`];
      }),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

function formatOptions(program: string, condition: string, spec: ProgramSpec): string[] {
  return [...spec.options, ...COMMON_OPTIONS].flatMap((option) => {
    return listSpellings(option).map((spelling, i, [listed]) => {
      const help = quote(i > 0 ? `Undo ${listed}` : option.help);
      const short = i === 0 && option.short ? ` -s ${option.short}` : "";
      const names = `${short} -l ${spelling.slice(2)}${formatValue(option)}`;
      return `complete -c ${program} -n ${quote(condition)}${names} -d ${help}`;
    });
  });
}

function formatValue({ value, choices, isPath }: OptionSpec): string {
  if (value === undefined) return "";
  if (choices) return ` -x -a ${quote(choices.join(" "))}`;
  return isPath ? " -r -F" : " -x";
}

function quote(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
