/**
 * The settings of `chat-client`: where their file is, and which exclude each other.
 *
 * `--settings` names the file, which has to exist. Without this option the file is in its usual
 * place, and may be missing. With `--no-settings`, and where there is no usual place, there is no
 * file.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import type { StoredRoom } from "../storage/rooms.ts";
import { loadSettingsFile, type SettingsFile } from "../storage/settings_file.ts";
import { settingsPath } from "../storage/state_paths.ts";
import { CLIENT_SPEC } from "./client_spec.ts";
import { type CommandLine, parseCommandLine } from "./options.ts";
import { excludeSettings, resolveSettings, type Setting } from "./settings.ts";
import type { ProgramSpec } from "./spec.ts";
import { excludeEachOther } from "./usage.ts";

type Env = (name: string) => string | undefined;

/** Pairs of settings that exclude each other. */
const EXCLUSIONS: readonly [string, string][] = [
  ["ephemeral", "identity"],
  ["ephemeral", "history"],
  ["ephemeral", "keep"],
];
/** Settings that `--send` excludes: they are about a conversation. */
const NOT_WITH_SEND = ["json", "stay"];

/**
 * Works out the client's settings.
 *
 * Of two settings that exclude each other, the one from the heavier origin holds: see
 * `excludeSettings()`.
 *
 * @param line The command line.
 * @param env Looks up an environment variable.
 * @param file The settings file; undefined for none.
 * @param room The room that is entered by its name; undefined for none.
 * @returns All settings by name, in the order of the table.
 * @throws {UsageError} If a setting cannot be understood, or two that exclude each other are from
 * the same origin.
 */
export function resolveClientSettings(
  line: CommandLine,
  env: Env,
  file: SettingsFile | undefined,
  room?: StoredRoom,
): Map<string, Setting> {
  const settings = resolveSettings(CLIENT_SPEC, { line, env, file, room });
  for (const pair of EXCLUSIONS) excludeSettings(settings, pair);
  if (line.values.has("send")) {
    settings.set("send", { value: true, origin: "command line", place: "" });
    for (const name of NOT_WITH_SEND) excludeSettings(settings, ["send", name]);
    settings.delete("send");
  }
  return settings;
}

/** The place of the settings file. */
export interface SettingsLocation {
  readonly path: string;
  /** Whether the command line names the file. */
  readonly isNamed: boolean;
}

/**
 * Finds the place of the settings file.
 *
 * @param line The command line.
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns The place; undefined if no file is to be read.
 * @throws {UsageError} If the command line has both `--settings` and `--no-settings`.
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
 * @param spec The table of the client or of the command.
 * @param args The command line that the table is for.
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns The file; undefined if there is none, or if the command line only asks for the help or
 * the version.
 * @throws {UsageError} If the command line or the file cannot be understood.
 */
export async function readSettings(
  spec: ProgramSpec<PlainPhrase>,
  args: readonly string[],
  env: Env,
  os: string,
): Promise<SettingsFile | undefined> {
  // The help is shown even if the file is broken.
  const line = parseCommandLine(spec, args);
  return typeof line === "string" ? undefined : await loadSettingsAt(locateSettings(line, env, os));
}

/**
 * Reads the settings file.
 *
 * @param location The place that `locateSettings()` found.
 * @returns The file; undefined if there is none in the usual place.
 * @throws {UsageError} If the file cannot be understood, or if the command line names a file that
 * does not exist.
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
 * Finds the place of the settings file from the arguments of `chat-client`.
 *
 * @param args The program's arguments.
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @returns The place; undefined if no file is to be read.
 * @throws {UsageError} If the command line cannot be understood.
 */
export function findSettings(
  args: readonly string[],
  env: Env,
  os: string,
): SettingsLocation | undefined {
  const line = parseCommandLine(CLIENT_SPEC, args);
  return typeof line === "string" ? undefined : locateSettings(line, env, os);
}
