/**
 * The settings of `chat-client`: where their file is, and which exclude each other.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { SettingsFile } from "../settings_file.ts";
import { settingsPath } from "../state_paths.ts";
import { CLIENT_SPEC } from "./client_spec.ts";
import type { CommandLine } from "./options.ts";
import { excludeSettings, resolveSettings, type Setting } from "./settings.ts";

type Env = (name: string) => string | undefined;

/** Pairs that make no sense together. */
const EXCLUSIONS: readonly [string, string][] = [
  ["ephemeral", "identity"],
  ["ephemeral", "history"],
];
/** What has no meaning where one message is sent and that is all. */
const NOT_WITH_SEND = ["json", "stay"];

/**
 * Works out the client's settings, of which none contradicts another.
 *
 * @param line The command line.
 * @param env Looks up an environment variable.
 * @param file The settings file; undefined for none.
 * @returns All settings by name, in the order of the table.
 * @throws {UsageError} If any of them cannot be understood, or two from one place contradict
 * each other; of two from different places the heavier holds.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = { args: [], values: new Map(), switches: new Map([["stay", true]]) };
 * const settings = resolveClientSettings(line, () => undefined, undefined);
 * assert.equal(settings.get("stay")?.origin, "command line");
 * ```
 */
export function resolveClientSettings(
  line: CommandLine,
  env: Env,
  file: SettingsFile | undefined,
): Map<string, Setting> {
  const settings = resolveSettings(CLIENT_SPEC, { line, env, file });
  for (const pair of EXCLUSIONS) excludeSettings(settings, pair);
  if (line.values.has("send")) {
    settings.set("send", { value: true, origin: "command line", place: "" });
    for (const name of NOT_WITH_SEND) excludeSettings(settings, ["send", name]);
    settings.delete("send");
  }
  return settings;
}

/** Where settings are read from. */
export interface SettingsLocation {
  readonly path: string;
  /** Whether the command line names it: then it has to be there. */
  readonly isNamed: boolean;
}

/**
 * Tells which settings file is read.
 *
 * @param line The command line.
 * @param env Looks up an environment variable.
 * @param os As in `Deno.build.os`.
 * @returns Undefined with `--no-settings`, and where there is no place for one.
 * @throws {UsageError} If the command line contradicts itself.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = { args: [], values: new Map([["settings", "a.json"]]), switches: new Map() };
 * const location = locateSettings(line, () => undefined, "linux");
 * assert.deepEqual(location, { path: "a.json", isNamed: true });
 * ```
 */
export function locateSettings(
  line: CommandLine,
  env: Env,
  os: string,
): SettingsLocation | undefined {
  const named = line.values.get("settings");
  if (line.switches.has("no-settings")) {
    if (named === undefined) return undefined;
    throw new UsageError("Options --settings and --no-settings exclude each other");
  }
  const path = named ?? settingsPath(env, os);
  return path === undefined ? undefined : { path, isNamed: named !== undefined };
}
