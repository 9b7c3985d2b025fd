/**
 * How programs fail: `error:` and `hint:` lines and exit codes.
 *
 * @module
 */

import { bold, cyan, red } from "@std/fmt/colors";
import { explain, UsageError, WordedError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { sayIn } from "../messages/say.ts";
import type { Wording } from "../messages/wording.ts";
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
 * @param say Says it in the user's language; in English unless it is given.
 * @returns An `error:` line, and a `hint:` line where there is one to give; safe to show, even if
 * it names a path or an argument that is not.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatError } from "../errors.ts";
 * import { worded } from "../messages/wording.ts";
 * const error = new ChatError(worded("Cannot write to standard output"));
 * assert.match(formatError(error), /Cannot write to standard output/);
 * ```
 */
export function formatError(error: unknown, say: Say = sayIn("en")): string {
  const lines = [`${bold(red(say("error:")))} ${sanitize(explain(error, say))}`];
  if (error instanceof WordedError && error.advice) {
    lines.push(`${bold(cyan(say("hint:")))} ${sanitize(say(error.advice))}`);
  }
  return lines.join("\n");
}

/**
 * Writes a warning for its user.
 *
 * @param warning What to warn of.
 * @param say Says it in the user's language; in English unless it is given.
 * @returns A `warning:` line, safe to show.
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
