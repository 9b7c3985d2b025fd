/**
 * Reads and checks the values of options, by a program's table.
 *
 * A switch has a boolean, an option with a range a whole number, and any other option a text.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import type { OptionSpec, ProgramSpec, SettingValue } from "./spec.ts";

/** Characters of a refused value that its error shows: with more, the hint would scroll away. */
export const MAX_SHOWN_VALUE_CHARS = 1000;

const ON = ["1", "true", "yes", "on"];
const OFF = ["0", "false", "no", "off"];

/**
 * Reads a value from a command line or the environment, where every value is text.
 *
 * @param option The option.
 * @param text The value. A switch takes words such as `yes` and `off`.
 * @param where The subject of the error: the option, the variable or the setting.
 * @throws {UsageError} If the option cannot have this value.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "../messages/wording.ts";
 * const option = { name: "max", value: "N", help: "", range: { min: 1, max: 9 } };
 * assert.equal(parseValue(option, "7", worded("Option --{name}", option)), 7);
 * ```
 */
export function parseValue(option: OptionSpec, text: string, where: Wording): SettingValue {
  if (option.value === undefined) {
    const word = text.toLowerCase();
    if (ON.includes(word)) return true;
    if (OFF.includes(word)) return false;
    const values = { choices: ON.join(", "), others: OFF.join(", ") };
    throw refuseValue(where, text, worded("Use one of: {choices}; or {others}.", values));
  }
  const isWhole = option.range && /^[0-9]{1,16}$/.test(text);
  return checkValue(option, isWhole ? Number(text) : text, where, text);
}

/**
 * Checks a value from a settings file, where values have types.
 *
 * @param option The option.
 * @param value Any value of JSON.
 * @param where The subject of the error: the option, the variable or the setting.
 * @param given The value as the user wrote it, for the error. The default is `value`.
 * @returns The value.
 * @throws {UsageError} If the option cannot have this value, or the value has another type.
 */
export function checkValue(
  option: OptionSpec,
  value: unknown,
  where: Wording,
  given: unknown = value,
): SettingValue {
  const { choices, range } = option;
  if (option.value === undefined) {
    if (typeof value === "boolean") return value;
    throw refuseValue(where, given, worded("Use true or false, without quotes."));
  }
  if (range) {
    const { min, max } = range;
    if (Number.isSafeInteger(value) && min <= Number(value) && Number(value) <= max) {
      return Number(value);
    }
    throw refuseValue(
      where,
      given,
      worded("Use a whole number from {lowest} to {highest}.", { lowest: min, highest: max }),
    );
  }
  if (choices) {
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    throw refuseValue(
      where,
      given,
      worded("Use one of: {choices}.", { choices: choices.join(", ") }),
    );
  }
  if (typeof value === "string" && value !== "") return value;
  throw refuseValue(where, given, worded("Use a text, in quotes."));
}

/**
 * Makes the error about a value that an option cannot have.
 *
 * @param where The subject of the error: the option, the variable or the setting.
 * @param given The value as the user wrote it.
 * @param hint The values that are allowed.
 */
export function refuseValue(where: Wording, given: unknown, hint: Wording): UsageError {
  const text = JSON.stringify(given);
  const shown = text.length > MAX_SHOWN_VALUE_CHARS
    ? `${text.slice(0, MAX_SHOWN_VALUE_CHARS)}…`
    : text;
  return new UsageError(worded("{what} cannot be {value}", { what: where, value: shown }), hint);
}

/**
 * Reads the value of an option from a command line.
 *
 * @typeParam T The type that the table gives the option. The caller has to name it.
 * @param spec The program's table.
 * @param name The option's name. The table must have it.
 * @param values The values that `parseCommandLine()` returned.
 * @returns The value. If the command line does not give one, the table's default.
 * @throws {UsageError} If the option cannot have this value.
 */
export function readOption<T>(
  spec: Pick<ProgramSpec, "options">,
  name: string,
  values: ReadonlyMap<string, string>,
): T {
  const option = spec.options.find((each) => each.name === name)!;
  const text = values.get(name);
  const value = text === undefined
    ? option.fallback
    : parseValue(option, text, worded("Option --{name}", { name }));
  return value as T;
}
