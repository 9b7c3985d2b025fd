/**
 * Carries out the commands of `chat-client`: `admission`, `config`, `completions` and `man`.
 *
 * @module
 */

import { listCommands } from "../chat/command_help.ts";
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

/** What a command reads and calls. */
export interface CommandParts {
  /** The program's arguments, the command's name first. */
  readonly args: readonly string[];
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The operating system, as `Deno.build.os` names it. */
  readonly os: string;
  /** Says phrases in the user's language. */
  readonly say: Say;
  /** Loads the key of a room from a file: 44 characters. */
  readonly loadKey: (path: string) => Promise<string>;
}

/**
 * Runs a command.
 *
 * @returns What the command prints, without an LF at the end.
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {ChatError} If the key cannot be loaded, or there is no place for settings.
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
  // This --json chooses the form of what is printed. The setting of the same name is another one.
  const switches = new Map(line.switches);
  const isJson = switches.delete("json");
  const file = await loadSettingsAt(location);
  const settings = resolveClientSettings({ ...line, switches }, env, file);
  return isJson
    ? formatSettingsJson(settings, say)
    : formatSettings(CLIENT_SPEC, settings, say).join("\n");
}
