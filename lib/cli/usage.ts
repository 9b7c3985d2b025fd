/**
 * Errors about command lines, and the hints that they have in common.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { guessWord } from "../text/spelling.ts";
import { formatUsage } from "./help.ts";
import { listSpellings, type OptionSpec, type ProgramSpec } from "./spec.ts";

/** Words where the help is. */
export function seeHelp(spec: Pick<ProgramSpec, "name">): Wording {
  return worded("See {program} --help.", { program: spec.name });
}

/**
 * Makes the error about an option that does not exist.
 *
 * @param spec The program.
 * @param arg The argument, as the user wrote it.
 * @param options All options of the program.
 */
export function unknownOption(
  spec: Pick<ProgramSpec, "name">,
  arg: string,
  options: readonly OptionSpec[],
): UsageError {
  const word = arg.replace(/=.*$/s, "");
  const isOff = word.startsWith("--no-");
  const spellings = options.flatMap(listSpellings).filter((each) => {
    return each.startsWith("--no-") === isOff;
  });
  const guess = word.startsWith("--") ? guessWord(word, spellings) : undefined;
  const hint = guess === undefined
    ? seeHelp(spec)
    : worded("Did you mean {name}?", { name: guess });
  return new UsageError(worded("Unknown option: {option}", { option: arg }), hint);
}

/**
 * Makes the error about the first argument that is missing.
 *
 * @param spec The program.
 * @param given The arguments that are there. The last may be an address and a port in one.
 */
export function missingArgument(
  spec: Pick<ProgramSpec, "name" | "args" | "rest">,
  given: readonly string[],
): UsageError {
  const argument = `<${spec.args[given.length]![0]}>`;
  const [, ip, port] = /^\[?([^:]+|(?<=\[).+(?=\]))\]?:(\d+)$/.exec(given.at(-1) ?? "") ?? [];
  return new UsageError(
    worded("Missing argument: {argument}", { argument }),
    ip === undefined ? seeUsage(spec) : worded("Did you mean {name}?", { name: `${ip} ${port}` }),
  );
}

/** Words how a program is called. */
export function seeUsage(spec: Pick<ProgramSpec, "name" | "args" | "rest" | "commands">): Wording {
  return worded("Usage: {usage}", { usage: formatUsage(spec) });
}

/**
 * Words that two options exclude each other.
 *
 * @param name The name of one, without dashes.
 * @param other The name of the other, without dashes.
 */
export function excludeEachOther(name: string, other: string): Wording {
  return worded("Options --{name} and --{other} exclude each other", { name, other });
}
