/**
 * Environment variables of a program.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";

/**
 * Looks up an environment variable.
 *
 * @param name The variable's name.
 * @returns The value; undefined if the variable is not set.
 * @throws {UsageError} If the value is not UTF-8.
 */
export function readVariable(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (!(error instanceof Deno.errors.InvalidData)) throw error;
    throw new UsageError(
      worded("{what} is not UTF-8", { what: worded("Variable {name}", { name }) }),
    );
  }
}

/**
 * Looks up a variable that chooses a language. One that is not UTF-8 counts as not set, as a locale
 * does that the system does not know.
 *
 * @param name The variable's name.
 */
export function readLocaleVariable(name: string): string | undefined {
  try {
    return readVariable(name);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
