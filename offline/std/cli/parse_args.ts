/**
 * Stand-in for `@std/cli/parse-args` over `node:util`.
 *
 * @module
 */

import { parseArgs as parseNodeArgs } from "node:util";

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
  const { tokens } = parseNodeArgs({
    args: normalize(args, booleans, names),
    options: Object.fromEntries(
      [...strings, ...booleans].filter((name) => name !== "_").map((name) => [name, {
        type: booleans.has(name) ? "boolean" as const : "string" as const,
        short: [...names].find(([key, to]) => to === name && key.length === 1)?.[0],
      }]).map(([name, option]) => [name, dropUndefined(option as Record<string, unknown>)]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  // deno-lint-ignore no-explicit-any -- as above
  const parsed: Record<string, any> & { _: (string | number)[] } = { _: [] };
  for (const name of booleans) set(parsed, names, name, false);
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (options.unknown?.(token.value) !== false) {
        parsed._.push(strings.has("_") ? token.value : toNumber(token.value));
      }
    } else if (token.kind === "option") {
      const name = names.get(token.name);
      const value = token.value ?? (name !== undefined && strings.has(name) ? "" : true);
      if (name === undefined) {
        const arg = token.value === undefined ? token.rawName : `${token.rawName}=${token.value}`;
        if (options.unknown?.(arg, token.name, value) === false) continue;
        parsed[token.name] = value;
      } else set(parsed, names, name, booleans.has(name) ? toBoolean(value) : value);
    }
  }
  return parsed;
}

/** Gives `--name value` and `--name -x` the meaning that they have in the package. */
function normalize(
  args: readonly string[],
  booleans: ReadonlySet<string>,
  names: ReadonlyMap<string, string>,
): string[] {
  const end = args.indexOf("--");
  const flags = end < 0 ? args : args.slice(0, end);
  const normalized = flags.map((arg, i) => {
    const match = /^--?([^-=][^=]*)$/.exec(arg);
    const name = match && names.get(match[1]!);
    const next = flags[i + 1];
    const lacksValue = next === undefined || next.startsWith("-");
    return name && !booleans.has(name) && lacksValue ? `--${name}=` : arg;
  });
  return end < 0 ? normalized : [...normalized, ...args.slice(end)];
}

function set(
  parsed: Record<string, unknown>,
  names: ReadonlyMap<string, string>,
  name: string,
  value: unknown,
): void {
  for (const [key, to] of names) if (to === name) parsed[key] = value;
}

function toNumber(text: string): string | number {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

function toBoolean(value: unknown): unknown {
  return value === "true" ? true : value === "false" ? false : value;
}

function dropUndefined(option: Record<string, unknown>): { type: "boolean" | "string" } {
  return Object.fromEntries(Object.entries(option).filter(([, value]) => value !== undefined)) as {
    type: "boolean" | "string";
  };
}
