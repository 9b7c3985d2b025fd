/**
 * The settings file that a command line of `chat-client` means.
 *
 * @module
 */

import { locateSettings, type SettingsLocation } from "../cli/client_settings.ts";
import { CLIENT_SPEC } from "../cli/client_spec.ts";
import { type ClientOptions, parseClientOptions } from "../cli/client_options.ts";
import { parseCommandLine } from "../cli/options.ts";
import type { ProgramSpec } from "../cli/spec.ts";
import { UsageError } from "../errors.ts";
import type { PlainPhrase, Say } from "../messages/phrases.ts";
import { loadSettingsFile, type SettingsFile } from "../settings_file.ts";

type Env = (name: string) => string | undefined;

/**
 * Works out what a client is started with, the settings file included.
 *
 * @param args Its arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @param os As in `Deno.build.os`.
 * @param say Says the help in the reader's language.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If any of them cannot be understood, or they contradict each other.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/phrases.ts";
 * const args = ["::1", "5050", "--no-settings", "--nick=alice"];
 * const options = await readClientOptions(args, () => undefined, "linux", sayIn("en"));
 * assert.ok(typeof options === "object");
 * assert.equal(options.nickname, "alice");
 * ```
 */
export async function readClientOptions(
  args: readonly string[],
  env: Env,
  os: string,
  say: Say,
): Promise<ClientOptions | string> {
  const file = await readSettings(CLIENT_SPEC, args, env, os);
  return parseClientOptions(args, env, file, say);
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
 * import { CLIENT_SPEC } from "../cli/client_spec.ts";
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
  throw new UsageError(`Cannot load settings: there is no ${location.path}`);
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
