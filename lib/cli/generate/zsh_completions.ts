/**
 * Completions for zsh.
 *
 * @module
 * @see https://zsh.sourceforge.io/Doc/Release/Completion-System.html
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
 * Writes the script with which zsh completes a program's command line.
 *
 * @param spec The program.
 * @returns A script to source, or to put in `$fpath` as `_<program>`. It has an LF at the end.
 */
export function formatZshCompletions(spec: ProgramSpec): string {
  const name = `_${spec.name}`;
  const commands = listCommandSpecs(spec);
  const specs = [spec, ...commands.map((command) => command.spec)];
  const hasRooms = specs.some((each) => listFirst(each).lookups.includes("rooms"));
  return `#compdef ${spec.name}
# ${spec.name}: completions for zsh. Put this file in $fpath as ${name}, or source it.
${hasRooms ? formatRooms(name) : ""}
${name}() {
  local curcontext=$curcontext state line command=
  typeset -A opt_args
  local -a commands
  while ((CURRENT > 2)) && [[ \${command:+$command }$words[2] == (${
    commands.map((command) => quote(command.name)).join("|")
  }) ]]; do
    command=\${command:+$command }$words[2]
    shift words
    ((CURRENT--))
  done
  case $command in
${commands.map((command) => formatCase(quote(command.name), command.spec, name)).join("")}${
    formatCase("*", spec, name)
  }  esac
  [[ $state == (command|either) ]] && _describe -t commands command commands
  [[ $state == either ]] && ${name}_rooms
}

if [[ $funcstack[1] == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${spec.name}
fi
`;
}

/** Writes the function that offers the user's rooms. */
function formatRooms(name: string): string {
  return `
${name}_rooms() {
  local -a rooms
  rooms=(\${XDG_CONFIG_HOME:-$HOME/.config}/encrypted-chatroom/rooms/*(N-/:t))
  compadd -a rooms
}
`;
}

function formatDescription({ name, spec }: { name: string; spec: ProgramSpec }): string {
  return quote(`${name}:${spec.summary.replaceAll(":", "\\:")}`);
}

function formatCase(pattern: string, spec: ProgramSpec, name: string): string {
  const { commands = [], args, single, rest } = spec;
  const options = [...spec.options, ...COMMON_OPTIONS].flatMap(formatOption);
  const listed = args.length > 0 || !single ? args : [single];
  const { lookups } = listFirst(spec);
  const isFirst = (i: number) => i === 0 && commands.length > 0;
  const positions = listed.map(([word, , choices], i) => {
    const found = i === 0 ? lookups[0] : undefined;
    const action = typeof choices === "object"
      ? `(${choices.join(" ")})`
      : found === "rooms"
      ? `${name}_rooms`
      : found === "files"
      ? "_files"
      : "";
    return isFirst(i) ? quote("1: :->either") : quote(`${i + 1}:${word}:${action}`);
  });
  if (rest) positions.push(quote(`*:${rest[0]}:`));
  if (listed.length === 0 && commands.length > 0) positions.push(quote("1: :->command"));
  const specs = [...options, ...positions].join(" \\\n        ");
  const list = commands.map((command) => `        ${formatDescription(command)}\n`).join("");
  const described = list === "" ? "" : `      commands=(\n${list}      )\n`;
  return `    ${pattern})\n${described}      _arguments -s -S \\\n        ${specs}\n      ;;\n`;
}

/** Writes an option for `_arguments`: spellings that exclude each other, help, and values. */
function formatOption(option: OptionSpec): string[] {
  const { short, value, choices, isPath } = option;
  const [listed, undoing] = listSpellings(option);
  const spellings = [...short ? [`-${short}`] : [], ...listSpellings(option)];
  const others = spellings.length > 1 ? `(${spellings.join(" ")})` : "";
  const action = choices ? `(${choices.join(" ")})` : isPath ? "_files" : "";
  return spellings.map((spelling) => {
    const text = spelling === undoing ? `Undo ${listed}` : option.help;
    const help = `[${text.replaceAll(/[[\]\\:]/g, "\\$&")}]`;
    if (value === undefined) return quote(`${others}${spelling}${help}`);
    // A short name has its value behind it or in the next word. A long name also has `=`.
    const joined = spelling.startsWith("--") ? "=" : "+";
    return quote(`${others}${spelling}${joined}${help}:${value}:${action}`);
  });
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
