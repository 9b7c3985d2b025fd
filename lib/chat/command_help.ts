/**
 * The help on commands.
 *
 * @module
 */

import type { Say } from "../messages/phrases.ts";
import { type CommandSpec, formatUsage } from "./command_spec.ts";
import { COMMANDS, findCommand } from "./commands.ts";

/** Columns of the help's first part, the usage. A longer usage moves the second part right. */
const USAGE_COLUMNS = 20;

/**
 * Writes the help: what each command does.
 *
 * @param say Says phrases in the reader's language.
 * @returns One line for each command, in the order of the table.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * assert.match(formatCommands(sayIn("en")).join("\n"), /^\/msg <nick> <text> +Write to one/m);
 * ```
 */
export function formatCommands(say: Say): string[] {
  return listCommands(say).map(([usage, help]) => `${usage.padEnd(USAGE_COLUMNS - 1)} ${help}`);
}

/**
 * Lists the commands in the order of the table.
 *
 * @param say Says phrases in the reader's language.
 * @returns For each command how it is typed, such as `/msg <nick> <text>`, and what it does.
 */
export function listCommands(say: Say): [usage: string, help: string][] {
  return COMMANDS.map((spec) => [formatUsage(spec), say(spec.help)]);
}

/**
 * Writes the help on one command.
 *
 * @param name The command's name, with or without the slash.
 * @param say Says phrases in the reader's language.
 * @returns The usage, then indented lines of explanation. Undefined if there is no such command.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * assert.deepEqual(formatCommand("/quit", sayIn("en")), ["/quit", "  Leave"]);
 * ```
 */
export function formatCommand(name: string, say: Say): string[] | undefined {
  const spec: CommandSpec | undefined = findCommand(name.replace(/^\//, ""));
  if (!spec) return undefined;
  const more = spec.more === undefined ? [] : [`  ${say(spec.more)}`];
  return [formatUsage(spec), `  ${say(spec.help)}`, ...more];
}
