/**
 * How programs fail: `error:` and `hint:` lines and exit codes.
 *
 * @module
 */

import { bold, cyan, red } from "@std/fmt/colors";
import { ChatError, UsageError } from "../errors.ts";
import { translateFailure } from "../messages/failure.ts";
import type { Language } from "../messages/phrases.ts";
import { sanitize } from "../text/sanitize.ts";

/** The programs' exit codes. */
export const EXIT = {
  done: 0,
  runtime: 1,
  usage: 2,
  hangup: 129,
  interrupt: 130,
  quit: 131,
  terminate: 143,
} as const;

/**
 * Writes an error for its user.
 *
 * @param error Anything that was thrown.
 * @param language The user's; English unless it is given.
 * @returns An `error:` line, and a `hint:` line where there is one to give; safe to show, even if
 * it names a path or an argument that is not.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatError } from "../errors.ts";
 * assert.match(formatFailure(new ChatError("Cannot listen: port in use")), /Cannot listen/);
 * ```
 */
export function formatFailure(error: unknown, language: Language = "en"): string {
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof UsageError || error instanceof ChatError;
  const inLanguage = (text: string) => sanitize(translateFailure(text, language));
  const lines = [`${bold(red(inLanguage("error:")))} ${inLanguage(message)}`];
  if (isOurs && error.hint) {
    lines.push(`${bold(cyan(inLanguage("hint:")))} ${inLanguage(error.hint)}`);
  }
  return lines.join("\n");
}

/**
 * Writes a warning for its user.
 *
 * @param warning In English, as it was given.
 * @param language The user's; English unless it is given.
 * @returns A `warning:` line, safe to show.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const warning = "others could read a.key: its mode is now 0600";
 * assert.equal(formatWarning(warning), `warning: ${warning}`);
 * ```
 */
export function formatWarning(warning: string, language: Language = "en"): string {
  return `${translateFailure("warning:", language)} ${
    sanitize(translateFailure(warning, language))
  }`;
}

/**
 * Tells the exit code for an error.
 *
 * @param error Anything that was thrown.
 * @returns 2 for a command line that cannot be understood, else 1.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(exitCodeOf(new Error("broken")), 1);
 * ```
 */
export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : EXIT.runtime;
}
