/**
 * How programs fail: `error:` and `hint:` lines and exit codes.
 *
 * @module
 */

import { bold, cyan, red } from "@std/fmt/colors";
import { ChatError, UsageError } from "../errors.ts";

/** The programs' exit codes. */
export const EXIT = {
  done: 0,
  runtime: 1,
  usage: 2,
  hangup: 129,
  interrupt: 130,
  terminate: 143,
} as const;

/**
 * Writes an error for its user.
 *
 * @param error Anything that was thrown.
 * @returns An `error:` line, and a `hint:` line where there is one to give.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ChatError } from "../errors.ts";
 * assert.match(formatFailure(new ChatError("Cannot listen: port in use")), /Cannot listen/);
 * ```
 */
export function formatFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const isOurs = error instanceof UsageError || error instanceof ChatError;
  const lines = [`${bold(red("error:"))} ${message}`];
  if (isOurs && error.hint) lines.push(`${bold(cyan("hint:"))} ${error.hint}`);
  return lines.join("\n");
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
