/**
 * The values of options, checked against a program's table.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import type { OptionSpec, ProgramSpec, SettingValue } from "./spec.ts";

/** Characters of a refused value that its error shows: half a screen, or the hint is gone. */
export const MAX_SHOWN_VALUE_CHARS = 1000;

const ON = ["1", "true", "yes", "on"];
const OFF = ["0", "false", "no", "off"];

/**
 * Reads a value that is written as text: on a command line or in the environment.
 *
 * @param option Which option; one without a value is a switch.
 * @param text Its value.
 * @param where What is to blame: an option, a variable or a setting.
 * @returns A number for an option with a range, a boolean for a switch, else the text.
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
 * Checks a value that has a type: from a settings file.
 *
 * @param option Which option; one without a value is a switch.
 * @param value Anything.
 * @param where What is to blame: an option, a variable or a setting.
 * @param given How it was written, if it was written otherwise.
 * @returns The value.
 * @throws {UsageError} If the option cannot have this value, or it is of another type.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "../messages/wording.ts";
 * const option = { name: "loud", help: "" };
 * assert.equal(checkValue(option, true, worded("Variable {name}", { name: "LOUD" })), true);
 * ```
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
 * @param where What is to blame: an option, a variable or a setting.
 * @param given The value.
 * @param hint What it may be.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "../messages/wording.ts";
 * const where = worded("Option --{name}", { name: "max" });
 * const error = refuseValue(where, "x", worded("Use a text, in quotes."));
 * assert.equal(error.message, 'Option --max cannot be "x"');
 * ```
 */
export function refuseValue(where: Wording, given: unknown, hint: Wording): UsageError {
  const text = JSON.stringify(given);
  const shown = text.length > MAX_SHOWN_VALUE_CHARS
    ? `${text.slice(0, MAX_SHOWN_VALUE_CHARS)}…`
    : text;
  return new UsageError(worded("{what} cannot be {value}", { what: where, value: shown }), hint);
}

/**
 * Reads an option of a command line; the table of options gives it its type.
 *
 * @param spec The program's table.
 * @param name The option's name; the table has it.
 * @param values As `parseCommandLine()` gives them.
 * @returns Its value, or what the table gives where it was not given.
 * @throws {UsageError} If it cannot have this value.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const max = { name: "max", value: "N", help: "", range: { min: 1, max: 9 }, fallback: 3 };
 * const spec = { options: [max] };
 * assert.equal(readOption<number>(spec, "max", new Map()), 3);
 * assert.equal(readOption<number>(spec, "max", new Map([["max", "7"]])), 7);
 * ```
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
