/**
 * Carries out the commands of `chat-client`, such as `config` and `man`.
 *
 * @module
 */

import { listCommands } from "../chat/command_help.ts";
import { loadSettingsAt, locateSettings, resolveClientSettings } from "../cli/client_settings.ts";
import { ADMISSION_SPEC, CLIENT_SPEC, CONFIG_SPEC } from "../cli/client_spec.ts";
import { formatSettings, formatSettingsJson } from "../cli/config.ts";
import { generateText } from "../cli/generate/generate.ts";
import { parseCommandLine } from "../cli/options.ts";
import { findNamedRoom, findRoom } from "../cli/room_choice.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatAdmission } from "../protocol/admission.ts";
import type { CommandParts } from "./command_parts.ts";
import { runIdentity } from "./identity_commands.ts";
import { findKeyPath } from "./key_path.ts";
import { runRooms } from "./room_commands.ts";

/**
 * Runs a command.
 *
 * @returns What the command prints, without an LF at the end; undefined if it prints nothing.
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {ChatError} If what the command needs cannot be loaded or written.
 */
export async function runClientCommand(parts: CommandParts): Promise<string | undefined> {
  switch (parts.args[0]) {
    case "join": {
      const { runJoin } = await import("./join_command.ts");
      return await runJoin(parts);
    }
    case "invite": {
      const { runInvite } = await import("./invite_command.ts");
      return await runInvite(parts);
    }
    case "key": {
      const { runKey } = await import("./key_command.ts");
      return await runKey(parts);
    }
    case "rotate": {
      const { runRotate } = await import("./rotate_command.ts");
      return await runRotate(parts);
    }
    case "admission":
      return await writeAdmission(parts);
    case "config":
      return await writeConfig(parts);
    case "rooms":
      return await runRooms(parts);
    case "identity":
      return await runIdentity(parts);
    default:
      return generateText(CLIENT_SPEC, parts.args, parts.say, listCommands(parts.say)).trimEnd();
  }
}

async function writeAdmission(parts: CommandParts): Promise<string> {
  const line = parseCommandLine(ADMISSION_SPEC, parts.args.slice(1), parts.say);
  if (typeof line === "string") return line;
  const path = await findKeyPath(ADMISSION_SPEC, line, parts);
  const keyText = await parts.loadKey(path);
  const { roomId, admission: { publicKey } } = await deriveRoomKey(keyText);
  const admission = { roomId, publicKey };
  if (!line.switches.has("tls")) return formatAdmission(admission);
  const { formatKeylessRoom } = await import("../protocol/admission_file.ts");
  const { deriveTlsSeedOf } = await import("../crypto/room_certificate.ts");
  parts.warn(
    worded(
      "the line tls1 is secret: whoever has it can pass for this room's server. Keep the file with mode 0600",
    ),
  );
  return formatKeylessRoom({ admission, tlsSeed: await deriveTlsSeedOf(keyText) });
}

async function writeConfig({ args, env, os, say }: CommandParts): Promise<string> {
  const line = parseCommandLine(CONFIG_SPEC, args.slice(1), say);
  if (typeof line === "string") return line;
  const location = locateSettings(line, env, os);
  if (line.switches.has("path")) {
    if (line.single !== undefined) {
      return (await findNamedRoom(CONFIG_SPEC, line.single, { env, os })).file.path;
    }
    if (location) return location.path;
    const hint = worded("Set HOME or XDG_CONFIG_HOME, or name a file with --settings PATH.");
    throw new ChatError(worded("There is no place for a settings file"), { hint });
  }
  // This --json chooses the form of what is printed. The setting of the same name is another one.
  const switches = new Map(line.switches);
  const isJson = switches.delete("json");
  const file = await loadSettingsAt(location);
  const room = await findRoom(CONFIG_SPEC, { ...line, switches }, { env, os, file });
  const settings = resolveClientSettings({ ...line, switches }, env, file, room);
  return isJson
    ? formatSettingsJson(settings, say)
    : formatSettings(CLIENT_SPEC, settings, say).join("\n");
}
