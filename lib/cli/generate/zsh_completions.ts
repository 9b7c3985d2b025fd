/**
 * Completions for zsh.
 *
 * @module
 * @see https://zsh.sourceforge.io/Doc/Release/Completion-System.html
 */

import { COMMON_OPTIONS, listSpellings, type OptionSpec, type ProgramSpec } from "../spec.ts";

/**
 * Writes the script with which zsh completes a program's command line.
 *
 * @param spec The program.
 * @returns A script to source, or to put in `$fpath` as `_<program>`. It has an LF at the end.
 */
export function formatZshCompletions(spec: ProgramSpec): string {
  const name = `_${spec.name}`;
  const commands = spec.commands ?? [];
  return `#compdef ${spec.name}
# ${spec.name}: completions for zsh. Put this file in $fpath as ${name}, or source it.

${name}() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  local -a commands
  commands=(
${commands.map((command) => `    ${formatDescription(command)}\n`).join("")}  )
  if ((CURRENT > 2)) && [[ $words[2] == (${
    commands.map((command) => command.name).join("|")
  }) ]]; then
    shift words
    ((CURRENT--))
  fi
  case $words[1] in
${commands.map((command) => formatCase(command.name, command.spec)).join("")}${
    formatCase("*", spec)
  }  esac
  [[ $state == first ]] && _describe -t commands command commands
}

if [[ $funcstack[1] == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${spec.name}
fi
`;
}

function formatDescription({ name, spec }: { name: string; spec: ProgramSpec }): string {
  return quote(`${name}:${spec.summary.replaceAll(":", "\\:")}`);
}

function formatCase(pattern: string, spec: ProgramSpec): string {
  const options = [...spec.options, ...COMMON_OPTIONS].flatMap(formatOption);
  const args = spec.args.map(([name, , choices], i) => {
    if (i === 0 && spec.commands) return quote("1: :->first");
    return quote(`${i + 1}:${name}:${choices ? `(${choices.join(" ")})` : ""}`);
  });
  const specs = [...options, ...args].join(" \\\n        ");
  return `    ${pattern})\n      _arguments -s -S \\\n        ${specs}\n      ;;\n`;
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
