/**
 * The settings of `chat-client`: where their file is, and which exclude each other.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { loadSettingsFile, type SettingsFile } from "../storage/settings_file.ts";
import { settingsPath } from "../storage/state_paths.ts";
import { CLIENT_SPEC } from "./client_spec.ts";
import { type CommandLine, excludeEachOther, parseCommandLine } from "./options.ts";
import { excludeSettings, resolveSettings, type Setting } from "./settings.ts";
import type { ProgramSpec } from "./spec.ts";

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
    throw new UsageError(excludeEachOther("settings", "no-settings"));
  }
  const path = named ?? settingsPath(env, os);
  return path === undefined ? undefined : { path, isNamed: named !== undefined };
}

/**
 * Reads the settings file for the client or one of its commands.
 *
 * @param spec Whose command line it is.
 * @param args That command line.
 * @param env Looks up an environment variable.
 * @param os As in `Deno.build.os`.
 * @returns Undefined if there is none, or it is not wanted: for `--help`, too.
 * @throws {UsageError} If the command line or the file cannot be understood.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { CLIENT_SPEC } from "./client_spec.ts";
 * const args = ["--no-settings"];
 * assert.equal(await readSettings(CLIENT_SPEC, args, () => undefined, "linux"), undefined);
 * ```
 */
export async function readSettings(
  spec: ProgramSpec<PlainPhrase>,
  args: readonly string[],
  env: Env,
  os: string,
): Promise<SettingsFile | undefined> {
  // A broken file must not keep anybody from reading the help.
  const line = parseCommandLine(spec, args);
  return typeof line === "string" ? undefined : await loadSettingsAt(locateSettings(line, env, os));
}

/**
 * Reads the settings file in a place; it may be missing in the usual one.
 *
 * @param location As `locateSettings()` tells it.
 * @throws {UsageError} If the file cannot be understood, or the command line names one that does
 * not exist.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(await loadSettingsAt({ path: "no/such.json", isNamed: false }), undefined);
 * ```
 */
export async function loadSettingsAt(
  location: SettingsLocation | undefined,
): Promise<SettingsFile | undefined> {
  if (!location) return undefined;
  const file = await loadSettingsFile(location.path);
  if (file || !location.isNamed) return file;
  const { path } = location;
  throw new UsageError(worded("Cannot load settings: there is no {path}", { path }));
}

/**
 * Tells which settings file belongs to a command line.
 *
 * @param args The command line.
 * @param env Looks up an environment variable.
 * @param os As in `Deno.build.os`.
 * @returns Undefined with `--no-settings`, and where there is no place for one.
 * @throws {UsageError} If the command line cannot be understood.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const args = ["--settings", "a.json"];
 * assert.equal(findSettings(args, () => undefined, "linux")?.path, "a.json");
 * ```
 */
export function findSettings(
  args: readonly string[],
  env: Env,
  os: string,
): SettingsLocation | undefined {
  const line = parseCommandLine(CLIENT_SPEC, args);
  return typeof line === "string" ? undefined : locateSettings(line, env, os);
}
