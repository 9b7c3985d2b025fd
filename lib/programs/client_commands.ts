/**
 * What `chat-client` does besides chatting.
 *
 * @module
 */

import { listCommands } from "../chat/commands.ts";
import { parseAdmissionOptions } from "../cli/client_options.ts";
import {
  loadSettingsAt,
  locateSettings,
  readSettings,
  resolveClientSettings,
} from "../cli/client_settings.ts";
import { ADMISSION_SPEC, CLIENT_SPEC, CONFIG_SPEC } from "../cli/client_spec.ts";
import { formatSettings, formatSettingsJson } from "../cli/config.ts";
import { generateText } from "../cli/generate/generate.ts";
import { parseCommandLine } from "../cli/options.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { ChatError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { formatAdmission } from "../protocol/admission.ts";

/** What a command is run with. */
export interface CommandParts {
  /** The program's arguments, the command's name first. */
  readonly args: readonly string[];
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** As in `Deno.build.os`. */
  readonly os: string;
  /** Says in the user's language. */
  readonly say: Say;
  /** Loads a room's key from a file. */
  readonly loadKey: (path: string) => Promise<string>;
}

/**
 * Runs a command.
 *
 * @param parts Its arguments and surroundings.
 * @returns What it prints.
 * @throws {UsageError} If its arguments, or the settings, cannot be understood.
 * @throws {ChatError} If it fails.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const text = await runClientCommand({
 *   args: ["config", "--no-settings"],
 *   env: () => undefined,
 *   os: "linux",
 *   say: sayIn("en"),
 *   loadKey: () => Promise.reject(new Error("not needed")),
 * });
 * assert.match(text, /^key = "secret\.key" +# default$/m);
 * ```
 */
export async function runClientCommand(parts: CommandParts): Promise<string> {
  switch (parts.args[0]) {
    case "admission":
      return await writeAdmission(parts);
    case "config":
      return await writeConfig(parts);
    default:
      return generateText(CLIENT_SPEC, parts.args, parts.say, listCommands(parts.say)).trimEnd();
  }
}

async function writeAdmission({ args, env, os, say, loadKey }: CommandParts): Promise<string> {
  const file = await readSettings(ADMISSION_SPEC, args.slice(1), env, os);
  const options = parseAdmissionOptions(args.slice(1), env, file, say);
  if (typeof options === "string") return options;
  const { roomId, admission } = await deriveRoomKey(await loadKey(options.keyPath));
  return formatAdmission({ roomId, publicKey: admission.publicKey });
}

async function writeConfig({ args, env, os, say }: CommandParts): Promise<string> {
  const line = parseCommandLine(CONFIG_SPEC, args.slice(1), say);
  if (typeof line === "string") return line;
  const location = locateSettings(line, env, os);
  if (line.switches.has("path")) {
    if (location) return location.path;
    const hint = worded("Set HOME or XDG_CONFIG_HOME, or name a file with --settings PATH.");
    throw new ChatError(worded("There is no place for a settings file"), { hint });
  }
  // Here it tells how to print, and is no setting.
  const switches = new Map(line.switches);
  const isJson = switches.delete("json");
  const file = await loadSettingsAt(location);
  const settings = resolveClientSettings({ ...line, switches }, env, file);
  return isJson
    ? formatSettingsJson(settings, say)
    : formatSettings(CLIENT_SPEC, settings, say).join("\n");
}
