/**
 * Command lines, taken apart by a program's table.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { guessWord } from "../spelling.ts";
import { VERSION } from "../version.ts";
import { formatHelp, formatUsage } from "./help.ts";
import {
  COMMON_OPTIONS,
  listSpellings,
  type OptionSpec,
  type ProgramSpec,
  type Translate,
} from "./spec.ts";

/** A command line, taken apart. */
export interface CommandLine {
  readonly args: readonly string[];
  /** Values by option name, for those that were given. */
  readonly values: ReadonlyMap<string, string>;
  /** The switches that were given: false for those that were turned off. */
  readonly switches: ReadonlyMap<string, boolean>;
}

/**
 * Takes a command line apart.
 *
 * @param spec The program.
 * @param args Its arguments, as the shell passed them.
 * @param say Says the table's texts in the reader's language; English unless it is given.
 * @returns Its parts; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If an option is unknown, lacks its value or has one too many, or
 * the number of arguments is wrong.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const spec = { name: "hi", summary: "", args: [], options: [], notes: [] };
 * assert.match(String(parseCommandLine(spec, ["--version"])), /^hi [0-9]/);
 * ```
 */
export function parseCommandLine<Text extends string>(
  spec: ProgramSpec<Text>,
  args: readonly string[],
  say: Translate<Text> = String,
): CommandLine | string {
  const options: readonly OptionSpec[] = [...spec.options, ...COMMON_OPTIONS];
  const isPlainSwitch = (option: OptionSpec) => isSwitch(option) && !option.isSettable;
  const parsed: Record<string, unknown> & { _: unknown[] } = parseArgs(
    normalize(spec, args, options),
    {
      // Of a switch as text, the parser tells whether it was given at all.
      string: [...options.filter((option) => !isPlainSwitch(option)).map(nameOf), "_"],
      boolean: options.filter(isPlainSwitch).map(nameOf),
      alias: Object.fromEntries(
        options.flatMap((option) => option.short ? [[option.name, option.short]] : []),
      ),
      unknown(arg, key) {
        if (key !== undefined) throw unknownOption(spec, arg, options);
      },
    },
  );
  if (parsed.help === true) return formatHelp(spec, say);
  if (parsed.version === true) return `${spec.name} ${VERSION}`;
  const line = { args: parsed._.map(String), ...readValues(spec, options, parsed) };
  checkCount(spec, line.args);
  return line;
}

function readValues(
  spec: ProgramSpec,
  options: readonly OptionSpec[],
  parsed: Readonly<Record<string, unknown>>,
): Omit<CommandLine, "args"> {
  const values = new Map<string, string>();
  const switches = new Map<string, boolean>();
  for (const option of options) {
    const { name, value } = option;
    const given = parsed[name];
    if (given === undefined) continue;
    if (value === undefined) {
      if (option.isSettable) switches.set(name, given === "true");
      else if (given === true) switches.set(name, true);
    } else if (given === "") {
      throw new UsageError(`Option --${name} needs a value: ${value}`, seeHelp(spec));
    } else values.set(name, String(given));
  }
  return { values, switches };
}

function isSwitch({ value }: OptionSpec): boolean {
  return value === undefined;
}

function nameOf({ name }: OptionSpec): string {
  return name;
}

function seeHelp(spec: Pick<ProgramSpec, "name">): string {
  return `See ${spec.name} --help.`;
}

/**
 * Spells options so that they can be read in one way only: the parser would take
 * `-kPATH` apart, and the argument after a switch for the switch's value.
 */
function normalize(
  spec: Pick<ProgramSpec, "name">,
  args: readonly string[],
  options: readonly OptionSpec[],
): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.map((arg, i) => {
    if (i >= end) return arg;
    // The parser's own name for what is not an option.
    if (/^--?_(?:=|$)/.test(arg)) throw unknownOption(spec, arg, options);
    for (const { name, short, value, isSettable } of options) {
      if (value === undefined) {
        if (arg === `--${name}` || arg === `-${short}`) return `--${name}=true`;
        if (isSettable && arg === `--no-${name}`) return `--${name}=false`;
        for (const spelling of isSettable ? [name, `no-${name}`] : [name]) {
          if (!arg.startsWith(`--${spelling}=`)) continue;
          throw new UsageError(`Option --${spelling} takes no value`, seeHelp(spec));
        }
      } else if (short && arg.length > 2 && arg.startsWith(`-${short}`)) {
        return `--${name}=${arg.slice(2)}`;
      }
    }
    return arg;
  });
}

function unknownOption(
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
  const hint = guess === undefined ? seeHelp(spec) : `Did you mean ${guess}?`;
  return new UsageError(`Unknown option: ${arg}`, hint);
}

function checkCount(spec: ProgramSpec, args: readonly string[]): void {
  const count = args.length;
  if (count === spec.args.length || count === 0 && spec.argSettings) return;
  if (count > spec.args.length) {
    throw new UsageError("Too many arguments", `Usage: ${formatUsage(spec)}`);
  }
  const error = missingArgument(spec, count);
  const [, ip, port] = /^\[?([^:]+|(?<=\[).+(?=\]))\]?:(\d+)$/.exec(args[0] ?? "") ?? [];
  if (count !== 1 || ip === undefined) throw error;
  throw new UsageError(error.message, `Did you mean ${ip} ${port}?`);
}

/**
 * Makes the error about an argument that is not there.
 *
 * @param spec The program.
 * @param index Which argument, from 0.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const spec = { name: "copy", args: [["from", ""]] as const };
 * assert.equal(missingArgument(spec, 0).message, "Missing argument: <from>");
 * ```
 */
export function missingArgument(
  spec: Pick<ProgramSpec, "name" | "args">,
  index: number,
): UsageError {
  const name = spec.args[index]![0];
  return new UsageError(`Missing argument: <${name}>`, `Usage: ${formatUsage(spec)}`);
}
