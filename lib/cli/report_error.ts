/**
 * Writes errors and warnings for people, and chooses exit codes.
 *
 * What an error or a warning names, such as a path, may come from others. It is made safe to show.
 *
 * @module
 */

import { bold, cyan, red } from "@std/fmt/colors";
import { explain, Guidance, UsageError, WordedError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { sayIn } from "../messages/say.ts";
import type { Wording } from "../messages/wording.ts";
import { sanitize } from "../text/sanitize.ts";

/** The programs' exit codes. A program that signal n ended has 128 + n. */
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
 * Writes an error.
 *
 * @param error Anything that was thrown.
 * @param say Says phrases in the user's language. The default is English.
 * @returns An `error:` line. If the error has a hint, a `hint:` line follows. A guidance has its own
 * lines.
 */
export function formatError(error: unknown, say: Say = sayIn("en")): string {
  if (error instanceof Guidance) return error.lines.join("\n");
  const lines = [`${bold(red(say("error:")))} ${sanitize(explain(error, say))}`];
  if (error instanceof WordedError && error.advice) {
    lines.push(`${bold(cyan(say("hint:")))} ${sanitize(say(error.advice))}`);
  }
  return lines.join("\n");
}

/**
 * Writes a warning.
 *
 * @param warning The warning.
 * @param say Says phrases in the user's language. The default is English.
 * @returns A `warning:` line.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { worded } from "../messages/wording.ts";
 * const warning = worded("others may read {path}", { path: "a.key" });
 * assert.equal(formatWarning(warning), "warning: others may read a.key");
 * ```
 */
export function formatWarning(warning: Wording, say: Say = sayIn("en")): string {
  return `${say("warning:")} ${sanitize(say(warning))}`;
}

/**
 * Chooses the exit code for an error.
 *
 * @param error Anything that was thrown.
 * @returns 2 for a command line or settings that cannot be understood, else 1.
 */
export function exitCodeOf(error: unknown): number {
  return error instanceof UsageError ? EXIT.usage : EXIT.runtime;
}
