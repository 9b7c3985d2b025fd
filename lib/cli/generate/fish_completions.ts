/**
 * Completions for fish.
 *
 * @module
 * @see https://fishshell.com/docs/current/completions.html
 */

import {
  COMMON_OPTIONS,
  listCommandSpecs,
  listFirst,
  listSpellings,
  type OptionSpec,
  type ProgramSpec,
} from "../spec.ts";

/**
 * Writes the script with which fish completes a program's command line.
 *
 * @param spec The program.
 * @returns A script to source, or to put in fish's directory of completions. It has an LF at the
 * end.
 */
export function formatFishCompletions(spec: ProgramSpec): string {
  const commands = listCommandSpecs(spec);
  const all = [{ name: "", spec }, ...commands];
  const rooms = `__${spec.name.replaceAll("-", "_")}_rooms`;
  const hasRooms = all.some((each) => listFirst(each.spec).lookups.includes("rooms"));
  const lines = [
    `# ${spec.name}: completions for fish. Source this file.`,
    "",
    ...hasRooms ? formatRooms(rooms) : [],
    `complete -c ${spec.name} -f`,
    ...all.flatMap(({ name, spec: each }) => [
      ...formatFirst(spec.name, name, each, rooms),
      ...formatOptions(spec.name, isWithin(name, each), each),
    ]),
  ];
  return `${lines.join("\n")}\n`;
}

/** Writes the function that lists the user's rooms. */
function formatRooms(name: string): string[] {
  return [
    `function ${name}`,
    "    set -l base $XDG_CONFIG_HOME",
    '    test -n "$base"; or set base $HOME/.config',
    "    for path in $base/encrypted-chatroom/rooms/*/",
    "        basename $path",
    "    end",
    "end",
    "",
  ];
}

/** The condition that a command is typed, and none of its own commands. */
function isWithin(name: string, { commands = [] }: ProgramSpec): string {
  const seen = "__fish_seen_subcommand_from";
  const words = name.split(" ").filter((word) => word !== "").map((word) => `${seen} ${word}`);
  const inner = commands.map((command) => command.name);
  return [...words, ...inner.length > 0 ? [`not ${seen} ${inner.join(" ")}`] : []].join("; and ");
}

/** Writes what can stand first behind a command. */
function formatFirst(program: string, name: string, spec: ProgramSpec, rooms: string): string[] {
  const { commands = [] } = spec;
  const { words, lookups } = listFirst(spec);
  const position = name === "" ? 1 : name.split(" ").length + 1;
  const isFirst = `test (count (commandline -opc)) -eq ${position}`;
  const condition = quote(
    [isWithin(name, spec), isFirst].filter((each) => each !== "").join("; and "),
  );
  const line = `complete -c ${program} -n ${condition}`;
  const choices = words.slice(commands.length);
  return [
    ...commands.map((command) => {
      return `${line} -a ${command.name} -d ${quote(command.spec.summary)}`;
    }),
    ...choices.length > 0 ? [`${line} -a ${quote(choices.join(" "))}`] : [],
    ...lookups.map((lookup) =>
      lookup === "files" ? `${line} -F` : `${line} -a ${quote(`(${rooms})`)}`
    ),
  ];
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
