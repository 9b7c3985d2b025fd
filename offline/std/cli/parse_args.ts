/**
 * Stand-in for `@std/cli/parse-args`: the part that `lib/cli/options.ts` uses. It refuses all else,
 * so that it never answers something other than the package does. It has no part in Node's: loading
 * `node:util` takes as long as all else before a first prompt.
 *
 * @module
 */

/** The settings of `parseArgs()` that are supported. */
export interface ParseOptions {
  /** Names whose values stay text. `_`, which keeps arguments text, has to be among them. */
  string: readonly string[];
  /** Names that take no value. */
  boolean?: readonly string[];
  /** Names that `--no-<name>` sets to false. */
  negatable?: readonly string[];
  /** Values of names that are not given. */
  default?: Record<string, unknown>;
}

const SUPPORTED = ["string", "boolean", "negatable", "default"];
/** The package reads a dot as a path into an object. */
const PLAIN_NAME = /^(?:[a-z]+(?:-[a-z]+)*|_)$/;

/**
 * Takes a command line apart into options and, under `_`, arguments.
 *
 * @throws {Error} If the package might read it in another way than this does.
 */
export function parseArgs(
  args: readonly string[],
  options: ParseOptions = { string: [] },
): Record<string, unknown> & { _: string[] } {
  const strings = readNames("string", options.string);
  const booleans = readNames("boolean", options.boolean);
  const negatables = readNames("negatable", options.negatable);
  const defaults = Object.entries(options.default ?? {});
  assertPlain(defaults.map(([name]) => name));
  for (const name of Object.keys(options)) if (!SUPPORTED.includes(name)) refuse(name);
  if (!strings.has("_")) refuse("arguments that may be numbers");
  if (strings.intersection(booleans).size > 0) refuse("a switch that takes a value");

  const parsed: Record<string, unknown> & { _: string[] } = { _: [] };
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  for (const [i, arg] of args.slice(0, end).entries()) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    const negated = name?.startsWith("no-") ? name.slice("no-".length) : undefined;
    if (!arg.startsWith("-") || arg === "-") parsed._.push(arg);
    else if (name === undefined || (negated !== undefined && value !== undefined)) refuse(arg);
    else if (negated !== undefined && negatables.has(negated)) parsed[negated] = false;
    else if (value !== undefined && strings.has(name)) parsed[name] = value;
    else if (value === undefined && booleans.has(name) && !isBoolean(args[i + 1])) {
      parsed[name] = true;
    } else refuse(arg);
  }
  for (const [name, value] of defaults) if (!Object.hasOwn(parsed, name)) parsed[name] = value;
  for (const name of booleans) if (!Object.hasOwn(parsed, name)) parsed[name] = false;
  parsed._.push(...args.slice(end + 1));
  return parsed;
}

function readNames(option: string, names: readonly string[] = []): Set<string> {
  if (!Array.isArray(names)) refuse(`${option} that is not a list`);
  assertPlain(names);
  return new Set(names);
}

function assertPlain(names: readonly string[]): void {
  for (const name of names) if (!PLAIN_NAME.test(name) || name in {}) refuse(`the name ${name}`);
}

/** The package takes such a text behind a switch for the switch's value. */
function isBoolean(text: string | undefined): boolean {
  return text === "true" || text === "false";
}

function refuse(what: string): never {
  throw new Error(`Cannot parse ${what}: not supported by the stand-in`);
}
