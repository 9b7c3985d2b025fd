/**
 * Completions for bash 3.2 and later.
 *
 * @module
 * @see https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */

import { COMMON_OPTIONS, listSpellings, type OptionSpec, type ProgramSpec } from "../spec.ts";

/**
 * Writes the script with which bash completes a program's command line.
 *
 * @param spec The program.
 * @returns A script to source, with an LF at the end.
 */
export function formatBashCompletions(spec: ProgramSpec): string {
  const name = `_${spec.name.replaceAll("-", "_")}`;
  const commands = spec.commands ?? [];
  const specs = [spec, ...commands.map((command) => command.spec)];
  const valued = new Map(
    specs.flatMap((each) => each.options).filter(({ value }) => value !== undefined)
      .map((option) => [option.name, option]),
  );
  return `# ${spec.name}: completions for bash. Source this file.

${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= words= word
  COMPREPLY=()
  # bash makes three words of --name=value.
  if [[ $cur == "=" ]]; then
    cur=
  elif [[ $prev == "=" ]] && ((COMP_CWORD > 1)); then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $prev in
${[...valued.values()].map(formatValues).join("")}  esac
  ((COMP_CWORD > 1)) && command=\${COMP_WORDS[1]}
  case $command in
${commands.map((command) => formatCase(command.name, command.spec)).join("")}${
    formatCase("*", spec)
  }  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}

complete -F ${name} ${spec.name}
`;
}

/** Writes the case for an option that takes a value. */
function formatValues(option: OptionSpec): string {
  const short = option.short ? `-${option.short} | ` : "";
  return `    ${short}--${option.name})\n${completeValues(option)}      return\n      ;;\n`;
}

function completeValues({ choices, isPath }: OptionSpec): string {
  if (choices) return `      COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur"))\n`;
  if (!isPath) return "";
  // Before version 4, bash has no compopt to say that these are names of files.
  return `      while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")
      compopt -o filenames 2> /dev/null
`;
}

/** Writes the case with the words that a program or a command takes. */
function formatCase(pattern: string, spec: ProgramSpec): string {
  const options = [...spec.options, ...COMMON_OPTIONS].flatMap(listWords);
  const commands = (spec.commands ?? []).map(({ name }) => name);
  const first = [...commands, ...spec.args[0]?.[2] ?? []].join(" ");
  const position = pattern === "*" ? 1 : 2;
  const atFirst = first === ""
    ? ""
    : `      elif ((COMP_CWORD == ${position})); then\n        words="${first}"\n`;
  return `    ${pattern})
      if [[ $cur == -* ]]; then
        words="${options.join(" ")}"
${atFirst}      fi
      ;;
`;
}

function listWords(option: OptionSpec): string[] {
  return [...option.short ? [`-${option.short}`] : [], ...listSpellings(option)];
}
