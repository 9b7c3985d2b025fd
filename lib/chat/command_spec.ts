/**
 * What a row of the table of commands says, and the arguments of a command.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
import { isBlank } from "../text/sanitize.ts";

/** A row of the table of commands. */
export interface CommandSpec {
  readonly name: string;
  /**
   * The names of its arguments. The last argument takes the rest of the line. A name that ends in
   * `?` marks an argument that may be missing.
   */
  readonly args: readonly string[];
  /** The values that the last argument may have. Without this list, any text is accepted. */
  readonly choices?: readonly string[];
  /** One line that says what the command does. */
  readonly help: PlainPhrase;
  /** Further explanation, which `/help <command>` shows. */
  readonly more?: PlainPhrase;
}

/**
 * Writes how a command is typed.
 *
 * @returns Such as `/msg <nick> <text>`; what may be left out is in brackets.
 */
export function formatUsage({ name, args }: Pick<CommandSpec, "name" | "args">): string {
  const shown = args.map((arg) => isOptional(arg) ? `[${arg.slice(0, -1)}]` : `<${arg}>`);
  return [`/${name}`, ...shown].join(" ");
}

/**
 * Takes the arguments of a command apart.
 *
 * @param text What stands behind the command's name.
 * @returns All of them, "" for one that was left out. Undefined if there are too few or too many, or the
 * last is wrong.
 */
export function splitArguments(text: string, spec: CommandSpec): string[] | undefined {
  const args: string[] = [];
  let rest = text;
  for (let i = 1; i < spec.args.length; i++) {
    const [, word = "", more = ""] = /^(\S*)\s*(.*)$/su.exec(rest) ?? [];
    args.push(word);
    rest = more;
  }
  if (spec.args.length > 0) args.push(rest.trimEnd());
  else if (rest.trim() !== "") return undefined;
  if (args.some((arg, i) => isBlank(arg) && !isOptional(spec.args[i]!))) return undefined;
  if (spec.choices && !spec.choices.includes(args.at(-1)!.toLowerCase())) return undefined;
  return args;
}

function isOptional(arg: string): boolean {
  return arg.endsWith("?");
}
