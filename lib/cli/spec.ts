/**
 * The table of a program's options, arguments and commands.
 *
 * Command lines, settings, the help, completions and manual pages are made from this one table.
 *
 * @module
 */

/** The value of an option or a setting. */
export type SettingValue = string | number | boolean;

/**
 * An option of a program.
 *
 * An option without a value is a switch. A switch is off by default, unless its fallback is true.
 *
 * @typeParam Text The type of its texts: phrases of the catalogue, if they are translated.
 */
export interface OptionSpec<Text extends string = string> {
  /** The long name, without the dashes. */
  readonly name: string;
  /** The name of one letter. */
  readonly short?: string;
  /** The word that stands for the value in the help; undefined for a switch. */
  readonly value?: string;
  /** One line that says what it does. For a switch that is on, what `--no-<name>` does. */
  readonly help: Text;
  /** Whether it may be given several times: all of its values count. */
  readonly isRepeated?: boolean;
  /** Whether the value is the path of a file. */
  readonly isPath?: boolean;
  /** The values that are allowed. Without this list, any text is. */
  readonly choices?: readonly string[];
  /** The bounds of a value that is a whole number, both included. */
  readonly range?: { readonly min: number; readonly max: number };
  /** The default value. */
  readonly fallback?: SettingValue;
  /** The default in words, where it depends on something else. */
  readonly otherwise?: Text;
  /** Whether the file and the environment can set it. A switch then also has `--no-<name>`. */
  readonly isSettable?: boolean;
}

/** What completions look up for an argument: the names of the user's rooms, or files. */
export type Lookup = "rooms" | "files";

/**
 * An argument: its name, its meaning, and the values that are allowed, if not every text is. Where
 * they are looked up, every text is.
 */
export type ArgumentSpec<Text extends string = string> = readonly [
  name: string,
  help: Text,
  choices?: readonly string[] | Lookup,
];

/** The table of a program, or of a command of a program. */
export interface ProgramSpec<Text extends string = string> {
  readonly name: string;
  /** One line that says what the program is for. */
  readonly summary: Text;
  /** The arguments, in order. */
  readonly args: readonly ArgumentSpec<Text>[];
  /** One argument that can stand in place of them all. */
  readonly single?: ArgumentSpec<Text>;
  /** What may follow the arguments: any number of words. */
  readonly rest?: ArgumentSpec<Text>;
  /** Whether the program can be started without the arguments. */
  readonly isArgless?: boolean;
  /** The arguments as settings, for a program that can be started without them. */
  readonly argSettings?: readonly OptionSpec<Text>[];
  readonly options: readonly OptionSpec<Text>[];
  /** The commands: what the program does instead if the first argument names one. */
  readonly commands?: readonly CommandSpec<Text>[];
  /** Paragraphs for the help and the manual page. */
  readonly notes: readonly Text[];
  /** Paragraphs for the help alone. The manual page has sections instead. */
  readonly helpNotes?: readonly Text[];
}

/** A command of a program. It has a command line of its own. */
export interface CommandSpec<Text extends string = string> {
  /** The program's first argument. */
  readonly name: string;
  readonly spec: ProgramSpec<Text>;
}

/**
 * Lists what can stand first behind the name of a program.
 *
 * @param spec The program.
 * @returns The words that the table has, and what is looked up.
 */
export function listFirst(
  { args, single, commands = [] }: ProgramSpec,
): { words: readonly string[]; lookups: readonly Lookup[] } {
  const choices = [args[0]?.[2], single?.[2]].flatMap((each) => each === undefined ? [] : [each]);
  const lists = choices.filter((each) => typeof each !== "string");
  return {
    words: [...commands.map(({ name }) => name), ...lists.flat()],
    lookups: choices.filter((each) => typeof each === "string"),
  };
}

/**
 * Lists the commands of a program with the commands that they have themselves.
 *
 * @param spec The program.
 * @returns Each with the words that name it, such as `rooms` and then `rooms add`.
 */
export function listCommandSpecs<Text extends string>(
  spec: ProgramSpec<Text>,
): CommandSpec<Text>[] {
  return (spec.commands ?? []).flatMap((command) => [
    command,
    ...listCommandSpecs(command.spec).map((inner) => {
      return { ...inner, name: `${command.name} ${inner.name}` };
    }),
  ]);
}

/** The texts that every program has. */
export type CommonText =
  | "Show this help"
  | "Show the version"
  | "Usage:"
  | "Commands:"
  | "Options:"
  /** Stands in front of an explanation. French has a space before it. */
  | ":";

/** Says a text in the reader's language. */
export type Translate<Text extends string> = (text: Text | CommonText) => string;

/** The options that every program has. */
export const COMMON_OPTIONS: readonly OptionSpec<CommonText>[] = [
  { name: "help", short: "h", help: "Show this help" },
  { name: "version", short: "V", help: "Show the version" },
];

/**
 * Lists what a file and the environment can set.
 *
 * @param spec The program.
 * @returns The arguments, if they can be set, and then the settable options.
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
 * @returns Such as `--key PATH` or `--stay`; `--no-commands` for a switch that is on by default.
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
 * @returns The spelling that the help lists, then the one that undoes it, if there is one.
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
 * Says the default of an option.
 *
 * @param option The option.
 * @param say Says the table's texts in the reader's language.
 * @returns The default in words; undefined for a switch, and for an option without a default.
 */
export function describeFallback<Text extends string>(
  { value, fallback, otherwise }: OptionSpec<Text>,
  say: (text: Text) => string,
): string | undefined {
  if (otherwise !== undefined) return say(otherwise);
  return value === undefined || fallback === undefined ? undefined : String(fallback);
}
