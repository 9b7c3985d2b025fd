/**
 * Completions for bash 3.2 and later.
 *
 * @module
 * @see https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
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
 * Writes the script with which bash completes a program's command line.
 *
 * @param spec The program.
 * @returns A script to source, with an LF at the end.
 */
export function formatBashCompletions(spec: ProgramSpec): string {
  const name = `_${spec.name.replaceAll("-", "_")}`;
  const commands = listCommandSpecs(spec);
  const specs = [spec, ...commands.map((command) => command.spec)];
  const hasRooms = specs.some((each) => listFirst(each).lookups.includes("rooms"));
  const valued = new Map(
    specs.flatMap((each) => each.options).filter(({ value }) => value !== undefined)
      .map((option) => [option.name, option]),
  );
  // The longest name is matched first.
  const cases = commands.toReversed().map((command) =>
    formatCase(command.name, command.spec, name)
  );
  return `# ${spec.name}: completions for bash. Source this file.
${hasRooms ? formatRooms(name) : ""}
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
  ((COMP_CWORD > 2)) && command+=" \${COMP_WORDS[2]}"
  case "$command " in
${cases.join("")}${formatCase("", spec, name)}  esac
  COMPREPLY+=($(compgen -W "$words" -- "$cur"))
}

complete -F ${name} ${spec.name}
`;
}

/** Writes the function that lists the user's rooms. */
function formatRooms(name: string): string {
  return `
${name}_rooms() {
  local path
  for path in "\${XDG_CONFIG_HOME:-$HOME/.config}"/encrypted-chatroom/rooms/*/; do
    path=\${path%/}
    path=\${path##*/}
    [[ $path == *[!a-z0-9._-]* ]] || echo "$path"
  done
}
`;
}

/** Writes the case for an option that takes a value. */
function formatValues(option: OptionSpec): string {
  const short = option.short ? `-${option.short} | ` : "";
  return `    ${short}--${option.name})\n${completeValues(option)}      return\n      ;;\n`;
}

function completeValues({ choices, isPath }: OptionSpec): string {
  if (choices) return `      COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$cur"))\n`;
  return isPath ? COMPLETE_FILES.map((line) => `      ${line}\n`).join("") : "";
}

/** Before version 4, bash has no compopt to say that these are names of files. */
const COMPLETE_FILES = [
  'while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -f -- "$cur")',
  "compopt -o filenames 2> /dev/null",
];

/**
 * Writes the case with the words that a program or a command takes.
 *
 * @param command The words of the command; empty for the program itself.
 * @param spec Its table.
 * @param name The name of the function.
 */
function formatCase(command: string, spec: ProgramSpec, name: string): string {
  const options = [...spec.options, ...COMMON_OPTIONS].flatMap(listWords);
  const { words, lookups } = listFirst(spec);
  const position = command === "" ? 1 : command.split(" ").length + 1;
  const first = [...words, ...lookups.includes("rooms") ? [`$(${name}_rooms)`] : []].join(" ");
  const lines = [
    ...first === "" ? [] : [`words="${first}"`],
    ...lookups.includes("files") ? COMPLETE_FILES : [],
  ].map((line) => `        ${line}\n`).join("");
  const atFirst = lines === "" ? "" : `      elif ((COMP_CWORD == ${position})); then\n${lines}`;
  return `    ${command === "" ? "" : `"${command} "`}*)
      if [[ $cur == -* ]]; then
        words="${options.join(" ")}"
${atFirst}      fi
      ;;
`;
}

function listWords(option: OptionSpec): string[] {
  return [...option.short ? [`-${option.short}`] : [], ...listSpellings(option)];
}
