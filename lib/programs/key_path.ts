/**
 * Which key file a command is about.
 *
 * @module
 */

import { loadSettingsAt, locateSettings, resolveClientSettings } from "../cli/client_settings.ts";
import type { CommandLine } from "../cli/options.ts";
import { findNamedRoom } from "../cli/room_choice.ts";
import type { ProgramSpec } from "../cli/spec.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import type { CommandParts } from "./command_parts.ts";

/**
 * Finds the key file that a command line, the settings or the name of a room choose.
 *
 * @param spec The command's.
 * @param line What was given.
 * @throws {UsageError} If the settings cannot be understood, or there is no such room.
 */
export async function findKeyPath(
  spec: ProgramSpec<PlainPhrase>,
  line: CommandLine,
  { env, os }: Pick<CommandParts, "env" | "os">,
): Promise<string> {
  const file = await loadSettingsAt(locateSettings(line, env, os));
  const { single } = line;
  const room = single === undefined ? undefined : await findNamedRoom(spec, single, { env, os });
  // The client's settings know nothing of switches of this command's own.
  const switches = new Map([...line.switches].filter(([name]) => name !== "today"));
  const settings = resolveClientSettings({ ...line, switches }, env, file, room);
  return String(settings.get("key")!.value);
}
