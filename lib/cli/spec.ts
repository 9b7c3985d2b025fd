/**
 * What a program can be told: one table, from which command lines are parsed and
 * help, settings, completions and manual pages are made.
 *
 * @module
 */

/** The value of an option or a setting. */
export type SettingValue = string | number | boolean;

/**
 * An option of a program.
 *
 * @typeParam Text Its texts: phrases of the catalogue, for a program that speaks several languages.
 */
export interface OptionSpec<Text extends string = string> {
  /** Its long name, without the dashes. */
  readonly name: string;
  /** Its one-letter name. */
  readonly short?: string;
  /** What its value is called in the help; an option without is a switch. */
  readonly value?: string;
  /** What it does, in one line; for a switch that is on by itself, what `--no-<name>` does. */
  readonly help: Text;
  /** Whether its value is the path of a file. */
  readonly isPath?: boolean;
  /** The only values that it takes. */
  readonly choices?: readonly string[];
  /** Its bounds, both included, for one that takes a whole number. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Its value as long as nothing sets it; a switch is off unless this is true. */
  readonly fallback?: SettingValue;
  /** The same in words, where `fallback` cannot tell. */
  readonly otherwise?: Text;
  /** Whether a file and the environment set it too; a switch then has a form to undo it. */
  readonly isSettable?: boolean;
}

/** An argument: its name, its meaning, and the only values that it takes, if there are such. */
export type ArgumentSpec<Text extends string = string> = readonly [
  name: string,
  help: Text,
  choices?: readonly string[],
];

/** A program, as its user sees it. */
export interface ProgramSpec<Text extends string = string> {
  readonly name: string;
  /** What it is for, in one line. */
  readonly summary: Text;
  /** Its arguments, in order. */
  readonly args: readonly ArgumentSpec<Text>[];
  /** The arguments as settings, for a program that can be started without them. */
  readonly argSettings?: readonly OptionSpec<Text>[];
  readonly options: readonly OptionSpec<Text>[];
  /** What else it can do, if its first argument is the name of it. */
  readonly commands?: readonly CommandSpec<Text>[];
  /** Paragraphs after the options. */
  readonly notes: readonly Text[];
  /** Those of the help alone: the manual page has sections about it. */
  readonly helpNotes?: readonly Text[];
}

/** A part of a program with a command line of its own. */
export interface CommandSpec<Text extends string = string> {
  /** The program's first argument. */
  readonly name: string;
  readonly spec: ProgramSpec<Text>;
}

/** What every program says of its own. */
export type CommonText =
  | "Show this help"
  | "Show the version"
  | "Usage:"
  | "Commands:"
  | "Options:"
  /** In front of what explains. */
  | ":";

/** Says a text, or what every program says, in the reader's language. */
export type Translate<Text extends string> = (text: Text | CommonText) => string;

/** Options of every program. */
export const COMMON_OPTIONS: readonly OptionSpec<CommonText>[] = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "version", short: "V", help: "Show the version" },
];

/**
 * Lists what of a program can be set in a file or by the environment.
 *
 * @param spec The program.
 * @returns Its arguments, if they can be set, and then its settable options.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = [{ name: "a", help: "" }, { name: "b", help: "", isSettable: true }];
 * const spec = { name: "hi", summary: "", args: [], options, notes: [] };
 * assert.deepEqual(listSettings(spec).map(({ name }) => name), ["b"]);
 * ```
 */
export function listSettings<Text extends string>(
  spec: ProgramSpec<Text>,
): readonly OptionSpec<Text>[] {
  return [...spec.argSettings ?? [], ...spec.options.filter(({ isSettable }) => isSettable)];
}

/**
 * Spells an option as its help lists it.
 *
 * @param option The option.
 * @returns `--key PATH`, `--stay`; or `--no-commands` for a switch that is on by itself.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(spellOption({ name: "key", value: "PATH", help: "" }), "--key PATH");
 * assert.equal(spellOption({ name: "echo", help: "", fallback: true }), "--no-echo");
 * ```
 */
export function spellOption({ name, value, fallback }: OptionSpec): string {
  if (value !== undefined) return `--${name} ${value}`;
  return fallback === true ? `--no-${name}` : `--${name}`;
}

/**
 * Lists every long spelling of an option, without its value.
 *
 * @param option The option.
 * @returns The listed one first, then the one that undoes it, if there is one.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const option = { name: "echo", help: "", fallback: true, isSettable: true };
 * assert.deepEqual(listSpellings(option), ["--no-echo", "--echo"]);
 * ```
 */
export function listSpellings(option: OptionSpec): string[] {
  const { name, value, fallback, isSettable } = option;
  if (value !== undefined || !isSettable) return [spellOption({ ...option, value: undefined })];
  const both = [`--${name}`, `--no-${name}`];
  return fallback === true ? both.reverse() : both;
}

/**
 * Says what holds as long as nothing sets an option.
 *
 * @param option The option.
 * @param say Says its words in the reader's language.
 * @returns Undefined for a switch, and where there is nothing to say.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const option = { name: "max", value: "N", help: "", fallback: 100 };
 * assert.equal(describeFallback(option, String), "100");
 * ```
 */
export function describeFallback<Text extends string>(
  { value, fallback, otherwise }: OptionSpec<Text>,
  say: (text: Text) => string,
): string | undefined {
  if (otherwise !== undefined) return say(otherwise);
  return value === undefined || fallback === undefined ? undefined : String(fallback);
}
