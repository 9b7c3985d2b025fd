/**
 * Takes command lines apart, by a program's table.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatVersion } from "../version.ts";
import { formatHelp } from "./help.ts";
import {
  COMMON_OPTIONS,
  listSpellings,
  type OptionSpec,
  type ProgramSpec,
  type Translate,
} from "./spec.ts";
import { missingArgument, seeHelp, seeUsage, unknownOption } from "./usage.ts";

/** What the runtime puts in place of bytes that are not UTF-8. */
const REPLACEMENT = "\ufffd";

/** The parts of a command line. */
export interface CommandLine {
  /** The arguments that are no options. */
  readonly args: readonly string[];
  /** The one argument that was given in place of them all. */
  readonly single?: string;
  /** The values that were given, by the name of their option. */
  readonly values: ReadonlyMap<string, string>;
  /** All values of the options that may be given several times; undefined if none was given. */
  readonly lists?: ReadonlyMap<string, readonly string[]>;
  /** The switches that were given, by name: false for one that was turned off. */
  readonly switches: ReadonlyMap<string, boolean>;
}

/**
 * Takes a command line apart.
 *
 * @param spec The program.
 * @param args The program's arguments, as the shell passed them.
 * @param say Says the table's texts in the reader's language. The default is English.
 * @returns The parts; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If an option is unknown, an option lacks its value, a switch has a value, a
 * value is not UTF-8, or the number of arguments is wrong.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = [{ name: "mode", short: "m", value: "MODE", help: "" }, { name: "force", help: "" }];
 * const spec = { name: "copy", summary: "", args: [["from", ""]] as const, options, notes: [] };
 * assert.deepEqual(parseCommandLine(spec, ["a", "-m7", "--force"]), {
 *   args: ["a"],
 *   values: new Map([["mode", "7"]]),
 *   switches: new Map([["force", true]]),
 * });
 * ```
 */
export function parseCommandLine<Text extends string>(
  spec: ProgramSpec<Text>,
  args: readonly string[],
  say: Translate<Text> = String,
): CommandLine | string {
  const options: readonly OptionSpec[] = [...spec.options, ...COMMON_OPTIONS];
  const switches = options.filter(isSwitch);
  const { words, repeated } = splitRepeated(normalize(spec, args, options), options);
  const parsed: Record<string, unknown> & { _: unknown[] } = parseArgs(
    words,
    {
      string: [...options.filter((option) => !isSwitch(option)).map(nameOf), "_"],
      boolean: switches.map(nameOf),
      negatable: switches.filter(({ isSettable }) => isSettable).map(nameOf),
      // Without this, a switch that was not given would be false, as one that was turned off.
      default: Object.fromEntries(switches.map(({ name }) => [name, undefined])),
    },
  );
  if (parsed.help === true) return formatHelp(spec, say);
  if (parsed.version === true) return formatVersion(spec.name);
  const given = parsed._.map(String);
  const values = readValues(spec, options, { ...parsed, ...repeated });
  if (spec.single && given.length === 1) return { args: [], single: given[0]!, ...values };
  checkCount(spec, given);
  return { args: given, ...values };
}

function readValues(
  spec: ProgramSpec,
  options: readonly OptionSpec[],
  parsed: Readonly<Record<string, unknown>>,
): Omit<CommandLine, "args"> {
  const values = new Map<string, string>();
  const switches = new Map<string, boolean>();
  const lists = new Map<string, readonly string[]>();
  for (const { name, value, isRepeated } of options) {
    const given = parsed[name];
    if (given === undefined) continue;
    if (value === undefined) switches.set(name, given === true);
    else if (isRepeated) {
      const all = given as readonly string[];
      for (const each of all) checkValue(spec, { name, value }, each);
      lists.set(name, all);
    } else {
      checkValue(spec, { name, value }, given);
      values.set(name, String(given));
    }
  }
  return { values, switches, ...lists.size > 0 ? { lists } : {} };
}

function checkValue(
  spec: ProgramSpec,
  { name, value }: { readonly name: string; readonly value: string },
  given: unknown,
): void {
  if (given === "") {
    throw new UsageError(
      worded("Option --{name} needs a value: {value}", { name, value }),
      seeHelp(spec),
    );
  }
  if (String(given).includes(REPLACEMENT)) {
    throw new UsageError(
      worded("{what} is not UTF-8", { what: worded("Option --{name}", { name }) }),
    );
  }
}

function isSwitch({ value }: OptionSpec): boolean {
  return value === undefined;
}

function nameOf({ name }: OptionSpec): string {
  return name;
}

/**
 * Spells every option as `--name=value`, `--name` or `--no-name`, so that the parser guesses
 * nothing. Switches come last, because the parser takes a "true" or "false" behind a switch for its
 * value. The parser then decides which of several values of an option holds, and what the arguments
 * are.
 */
function normalize(
  spec: Pick<ProgramSpec, "name">,
  args: readonly string[],
  options: readonly OptionSpec[],
): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const rest = args.slice(0, end);
  const others: string[] = [];
  const switches: string[] = [];
  for (let arg; (arg = rest.shift()) !== undefined;) {
    if (!isOption(arg)) others.push(arg);
    else if (!arg.startsWith("--")) rest.unshift(...spellLetters(spec, arg, options));
    else {
      const [, name, value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg)!;
      const option = options.find((each) => listSpellings(each).includes(`--${name}`));
      if (!option) throw unknownOption(spec, arg, options);
      if (!isSwitch(option)) others.push(`--${name}=${value ?? takeValue(rest)}`);
      else if (value === undefined) switches.push(arg);
      else {throw new UsageError(
          worded("Option --{name} takes no value", { name: name! }),
          seeHelp(spec),
        );}
    }
  }
  return [...others, ...switches, ...args.slice(end)];
}

/** Takes the options out that may be given several times: the parser keeps the last value alone. */
function splitRepeated(
  words: readonly string[],
  options: readonly OptionSpec[],
): { words: string[]; repeated: Readonly<Record<string, readonly string[]>> } {
  const end = words.includes("--") ? words.indexOf("--") : words.length;
  const repeated: Record<string, string[]> = {};
  const others = words.filter((word, i) => {
    const [, name = "", value = ""] = /^--([^=]*)=(.*)$/s.exec(i < end ? word : "") ?? [];
    if (!options.some((option) => option.isRepeated && option.name === name)) return true;
    (repeated[name] ??= []).push(value);
    return false;
  });
  return { words: others, repeated };
}

/** Spells short names out: `-hk` as `--help --key`, `-kPATH` and `-k=PATH` as `--key=PATH`. */
function spellLetters(
  spec: Pick<ProgramSpec, "name">,
  arg: string,
  options: readonly OptionSpec[],
): string[] {
  const words: string[] = [];
  for (let letters = arg.slice(1); letters !== ""; letters = letters.slice(1)) {
    const option = options.find(({ short }) => short === letters[0]);
    if (!option) throw unknownOption(spec, arg, options);
    const value = letters.slice(1);
    if (value.startsWith("=") || value !== "" && !isSwitch(option)) {
      return [...words, `--${option.name}=${value.replace(/^=/, "")}`];
    }
    words.push(`--${option.name}`);
  }
  return words;
}

/** Takes the next argument as a value. If an option follows, the value is "", which is missing. */
function takeValue(rest: string[]): string {
  const [next] = rest;
  return next === undefined || isOption(next) ? "" : rest.shift()!;
}

/** A dash alone is no option: it is a value or an argument. */
function isOption(arg: string): boolean {
  return arg.startsWith("-") && arg !== "-";
}

function checkCount(spec: ProgramSpec, args: readonly string[]): void {
  const count = args.length;
  const mayBeMissing = spec.argSettings !== undefined || spec.isArgless;
  if (count === spec.args.length || count === 0 && mayBeMissing) return;
  if (count > spec.args.length && spec.rest) return;
  if (count > spec.args.length) {
    throw new UsageError(worded("Too many arguments"), seeUsage(spec));
  }
  throw missingArgument(spec, args);
}
