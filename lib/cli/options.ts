/**
 * Command lines: one table per program, from which options are parsed and the
 * help is written.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { UsageError } from "../errors.ts";
import { VERSION } from "../version.ts";

/** An option of a program. */
export interface OptionSpec {
  /** Its long name, without the dashes. */
  readonly name: string;
  /** Its one-letter name. */
  readonly short?: string;
  /** What its value is called in the help; an option without is a switch. */
  readonly value?: string;
  /** What it does, in one line. */
  readonly help: string;
}

/** A program, as its user sees it. */
export interface ProgramSpec {
  readonly name: string;
  /** What it is for, in one line. */
  readonly summary: string;
  /** Its arguments, in order: name and meaning. */
  readonly args: readonly (readonly [name: string, help: string])[];
  readonly options: readonly OptionSpec[];
  /** Paragraphs after the options. */
  readonly notes: readonly string[];
}

/** A command line, taken apart. */
export interface CommandLine {
  readonly args: readonly string[];
  /** Values by option name, for those that were given. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of the switches that were given. */
  readonly switches: ReadonlySet<string>;
}

const COMMON_OPTIONS: readonly OptionSpec[] = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "version", short: "V", help: "Show the version" },
];

/**
 * Takes a command line apart.
 *
 * @param spec The program.
 * @param args Its arguments, as the shell passed them.
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
export function parseCommandLine(spec: ProgramSpec, args: readonly string[]): CommandLine | string {
  const options = [...spec.options, ...COMMON_OPTIONS];
  const withValue = options.filter((option) => option.value !== undefined);
  const switches = options.filter((option) => option.value === undefined);
  const parsed: Record<string, unknown> & { _: unknown[] } = parseArgs(
    normalize(spec, args, options),
    {
      string: [...withValue.map((option) => option.name), "_"],
      boolean: switches.map((option) => option.name),
      alias: Object.fromEntries(
        options.flatMap((option) => option.short ? [[option.name, option.short]] : []),
      ),
      unknown(arg, key) {
        if (key !== undefined) throw new UsageError(`Unknown option: ${arg}`, seeHelp(spec));
      },
    },
  );
  if (parsed.help === true) return formatHelp(spec);
  if (parsed.version === true) return `${spec.name} ${VERSION}`;
  const values = new Map<string, string>();
  for (const { name, value } of withValue) {
    const given = parsed[name];
    if (given === undefined) continue;
    if (given === "") {
      throw new UsageError(`Option --${name} needs a value: ${value}`, seeHelp(spec));
    }
    values.set(name, String(given));
  }
  checkCount(spec, parsed._.length);
  return {
    args: parsed._.map(String),
    values,
    switches: new Set(switches.map((option) => option.name).filter((name) => parsed[name])),
  };
}

/**
 * Writes the help of a program.
 *
 * @param spec The program.
 * @returns Lines of 80 columns at most, without an LF at the end.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const spec = { name: "hi", summary: "Greets.", args: [], options: [], notes: [] };
 * assert.match(formatHelp(spec), /^Greets\.\n\nUsage: hi/);
 * ```
 */
export function formatHelp(spec: ProgramSpec): string {
  const rows = [...spec.options, ...COMMON_OPTIONS].map((option): [string, string] => {
    const short = option.short ? `-${option.short}, ` : "    ";
    return [`${short}--${option.name}${option.value ? ` ${option.value}` : ""}`, option.help];
  });
  return [
    spec.summary,
    `Usage: ${usage(spec)}`,
    formatRows(spec.args),
    `Options:\n${formatRows(rows)}`,
    ...spec.notes,
  ].filter((paragraph) => paragraph !== "").join("\n\n");
}

function formatRows(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}

function usage(spec: ProgramSpec): string {
  return [spec.name, ...spec.args.map(([name]) => `<${name}>`), "[options]"].join(" ");
}

function seeHelp(spec: ProgramSpec): string {
  return `See ${spec.name} --help.`;
}

/**
 * Spells options so that they can be read in one way only: the parser would take
 * `-kPATH` apart, and the argument after a switch for the switch's value.
 */
function normalize(
  spec: ProgramSpec,
  args: readonly string[],
  options: readonly OptionSpec[],
): string[] {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  return args.map((arg, i) => {
    if (i >= end) return arg;
    // The parser's own name for what is not an option.
    if (/^--?_(?:=|$)/.test(arg)) throw new UsageError(`Unknown option: ${arg}`, seeHelp(spec));
    for (const { name, short, value } of options) {
      if (value === undefined) {
        if (arg === `--${name}` || arg === `-${short}`) return `--${name}=true`;
        if (arg.startsWith(`--${name}=`)) {
          throw new UsageError(`Option --${name} takes no value`, seeHelp(spec));
        }
      } else if (short && arg.length > 2 && arg.startsWith(`-${short}`)) {
        return `--${name}=${arg.slice(2)}`;
      }
    }
    return arg;
  });
}

function checkCount(spec: ProgramSpec, count: number): void {
  if (count === spec.args.length) return;
  const problem = count < spec.args.length
    ? `Missing argument: <${spec.args[count]![0]}>`
    : "Too many arguments";
  throw new UsageError(problem, `Usage: ${usage(spec)}`);
}

/** What a number may be; `fallback` where the option was not given. */
export interface Range<T> {
  readonly fallback: T;
  readonly min: number;
  readonly max: number;
}

/**
 * Reads an option that is a whole number.
 *
 * @param name The option's long name.
 * @param values Those given.
 * @param range What it may be.
 * @throws {UsageError} If it is anything else.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const range = { fallback: 100, min: 1, max: 1000 };
 * assert.equal(parseWhole("max-clients", new Map(), range), 100);
 * ```
 */
export function parseWhole<T>(
  name: string,
  values: ReadonlyMap<string, string>,
  { fallback, min, max }: Range<T>,
): number | T {
  const text = values.get(name);
  if (text === undefined) return fallback;
  const number = Number(text);
  if (/^[0-9]+$/.test(text) && number >= min && number <= max) return number;
  throw new UsageError(
    `Option --${name} cannot be ${JSON.stringify(text)}`,
    `Use a whole number from ${min} to ${max}.`,
  );
}
