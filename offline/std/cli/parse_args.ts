/**
 * Stand-in for `@std/cli/parse-args`. It has no part in Node's: loading `node:util` takes as long
 * as all else before a first prompt.
 *
 * @module
 */

/** The settings of `parseArgs()` that are supported. */
export interface ParseOptions {
  /** Names whose values stay text; `_` keeps arguments text. */
  string?: string | readonly string[];
  /** Names that take no value. */
  boolean?: string | readonly string[];
  /** Other names of an option. */
  alias?: Record<string, string | readonly string[]>;
  /** Called for what is not declared; `false` leaves it out of the result. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** Takes a command line apart into options and, under `_`, arguments. */
export function parseArgs(
  args: readonly string[],
  options: ParseOptions = {},
  // deno-lint-ignore no-explicit-any -- as in the package that this stands in for
): Record<string, any> & { _: (string | number)[] } {
  const strings = new Set([options.string ?? []].flat());
  const booleans = new Set([options.boolean ?? []].flat());
  const names = new Map<string, string>();
  for (const name of [...strings, ...booleans]) names.set(name, name);
  for (const [name, alias] of Object.entries(options.alias ?? {})) {
    for (const other of [alias].flat()) names.set(other, name);
  }
  // deno-lint-ignore no-explicit-any -- as above
  const parsed: Record<string, any> & { _: (string | number)[] } = { _: [] };
  const put = (name: string, value: unknown) => {
    for (const [key, to] of names) if (to === name) parsed[key] = value;
  };
  for (const name of booleans) put(name, false);
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const rest = args.slice(0, end);
  const addPositional = (arg: string) => parsed._.push(strings.has("_") ? arg : toNumber(arg));
  /** `inline` comes with the option, `arg` is how it was written. */
  const addOption = (key: string, inline: string | undefined, arg: string) => {
    const name = names.get(key);
    if (name === undefined) {
      const value = inline ?? true;
      if (options.unknown?.(arg, key, value) !== false) parsed[key] = value;
    } else if (booleans.has(name)) put(name, inline === undefined ? true : toBoolean(inline));
    else put(name, inline ?? (isValue(rest[0] ?? "-") ? rest.shift() ?? "" : ""));
  };
  for (let arg; (arg = rest.shift()) !== undefined;) {
    const [, long, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (long !== undefined) addOption(long, value, arg);
    else if (isValue(arg)) {
      if (options.unknown?.(arg) !== false) addPositional(arg);
    } else addShort(arg.slice(1), names, strings, addOption);
  }
  args.slice(end + 1).forEach(addPositional);
  return parsed;
}

/** `-ab` is `-a -b`; behind one that takes a value comes the value. */
function addShort(
  letters: string,
  names: ReadonlyMap<string, string>,
  strings: ReadonlySet<string>,
  add: (key: string, inline: string | undefined, arg: string) => void,
): void {
  for (let i = 0; i < letters.length; i++) {
    const letter = letters[i]!;
    const value = letters.slice(i + 1).replace(/^=/, "");
    if (value !== "" && strings.has(names.get(letter) ?? "")) return add(letter, value, "");
    add(letter, undefined, `-${letter}`);
  }
}

function isValue(arg: string): boolean {
  return arg === "-" || !arg.startsWith("-");
}

function toNumber(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function toBoolean(value: string): string | boolean {
  return value === "true" ? true : value === "false" ? false : value;
}
