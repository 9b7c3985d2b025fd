/**
 * The values of options, checked against a program's table.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { OptionSpec, SettingValue } from "./spec.ts";

/** Characters of a refused value that its error shows: half a screen, or the hint is gone. */
export const MAX_SHOWN_VALUE_CHARS = 1000;

const ON = ["1", "true", "yes", "on"];
const OFF = ["0", "false", "no", "off"];

/**
 * Reads a value that is written as text: on a command line or in the environment.
 *
 * @param option Which option; one without a value is a switch.
 * @param text Its value.
 * @param where What is to blame, as in `Option --backlog`.
 * @returns A number for an option with a range, a boolean for a switch, else the text.
 * @throws {UsageError} If the option cannot have this value.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const option = { name: "max", value: "N", help: "", range: { min: 1, max: 9 } };
 * assert.equal(parseValue(option, "7", "Option --max"), 7);
 * ```
 */
export function parseValue(option: OptionSpec, text: string, where: string): SettingValue {
  if (option.value === undefined) {
    const word = text.toLowerCase();
    if (ON.includes(word)) return true;
    if (OFF.includes(word)) return false;
    const hint = `Use one of: ${ON.join(", ")}; or ${OFF.join(", ")}.`;
    throw refuseValue(where, text, hint);
  }
  const isWhole = option.range && /^[0-9]{1,16}$/.test(text);
  return checkValue(option, isWhole ? Number(text) : text, where, text);
}

/**
 * Checks a value that has a type: from a settings file.
 *
 * @param option Which option; one without a value is a switch.
 * @param value Anything.
 * @param where What is to blame, as in `Setting backlog in /config.json`.
 * @param given How it was written, if it was written otherwise.
 * @returns The value.
 * @throws {UsageError} If the option cannot have this value, or it is of another type.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const option = { name: "loud", help: "" };
 * assert.equal(checkValue(option, true, "Setting loud in a.json"), true);
 * ```
 */
export function checkValue(
  option: OptionSpec,
  value: unknown,
  where: string,
  given: unknown = value,
): SettingValue {
  const { choices, range } = option;
  if (option.value === undefined) {
    if (typeof value === "boolean") return value;
    throw refuseValue(where, given, "Use true or false, without quotes.");
  }
  if (range) {
    const { min, max } = range;
    if (Number.isSafeInteger(value) && min <= Number(value) && Number(value) <= max) {
      return Number(value);
    }
    throw refuseValue(where, given, `Use a whole number from ${min} to ${max}.`);
  }
  if (choices) {
    const choice = choices.find((each) => each === value);
    if (choice !== undefined) return choice;
    throw refuseValue(where, given, `Use one of: ${choices.join(", ")}.`);
  }
  if (typeof value === "string" && value !== "") return value;
  throw refuseValue(where, given, "Use a text, in quotes.");
}

/**
 * Makes the error about a value that an option cannot have.
 *
 * @param where What is to blame, as in `Option --backlog`.
 * @param given The value.
 * @param hint What it may be.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const error = refuseValue("Option --max", "x", "Use a whole number from 1 to 9.");
 * assert.equal(error.message, 'Option --max cannot be "x"');
 * ```
 */
export function refuseValue(where: string, given: unknown, hint: string): UsageError {
  const text = JSON.stringify(given);
  const shown = text.length > MAX_SHOWN_VALUE_CHARS
    ? `${text.slice(0, MAX_SHOWN_VALUE_CHARS)}…`
    : text;
  return new UsageError(`${where} cannot be ${shown}`, hint);
}
