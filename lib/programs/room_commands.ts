/**
 * Carries out `chat-client rooms` and its commands.
 *
 * @module
 */

import { parseAddresses } from "../cli/address.ts";
import { readSettings, resolveClientSettings } from "../cli/client_settings.ts";
import { describeRooms } from "../cli/guidance.ts";
import { parseCommandLine } from "../cli/options.ts";
import { findNamedRoom } from "../cli/room_choice.ts";
import { readTls, settingsOfTls } from "../cli/tls_options.ts";
import { ADD_ROOM_SPEC, REMOVE_ROOM_SPEC, ROOMS_SPEC } from "../cli/rooms_spec.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { isMovingOn } from "../crypto/room_secret.ts";
import { ChatError, UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { parseNickname } from "../protocol/nickname.ts";
import { parseNewRoomName } from "../storage/room_name.ts";
import { removeRoom, storeRoom } from "../storage/rooms.ts";
import { roomsDirectory, shortenPath } from "../storage/state_paths.ts";
import type { CommandParts } from "./command_parts.ts";

/**
 * Runs `chat-client rooms`.
 *
 * @param parts The arguments begin with `rooms`.
 * @returns What the command prints, without an LF at the end.
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {ChatError} If a room cannot be listed, stored or removed.
 */
export async function runRooms(parts: CommandParts): Promise<string> {
  const { args, env, os, say } = parts;
  if (args[1] === "add") return await addRoom(parts);
  if (args[1] === "remove") return await dropRoom(parts);
  const line = parseCommandLine(ROOMS_SPEC, args.slice(1), say);
  if (typeof line === "string") return line;
  const rooms = await describeRooms(roomsDirectory(env, os), say);
  if (rooms.length > 0) return rooms.map((row) => row.trimStart()).join("\n");
  return say("there are no rooms yet: {command}", { command: `${ADD_ROOM_SPEC.name} --help` });
}

async function addRoom({ args, env, os, say, loadKey }: CommandParts): Promise<string> {
  const line = parseCommandLine(ADD_ROOM_SPEC, args.slice(2), say);
  if (typeof line === "string") return line;
  const [text, ip, port] = line.args;
  const name = parseNewRoomName(text!);
  const [first, ...others] = parseAddresses(ip!, port!);
  const address = others.length === 0 ? first : { hostname: ip!, port: Number(port) };
  const nick = readNick(line.values.get("nick"));
  const file = await readSettings(ADD_ROOM_SPEC, args.slice(2), env, os);
  const settings = resolveClientSettings({ ...line, args: [] }, env, file);
  const path = String(settings.get("key")!.value);
  const keyText = await loadKey(path);
  const directory = requireDirectory(env, os);
  const own = resolveClientSettings({ ...line, args: [] }, () => undefined, undefined);
  const link = settingsOfTls(readTls(own));
  const room = await storeRoom(directory, { name, address, link, keyText, nick });
  const { fingerprint } = await deriveRoomKey(keyText);
  return [
    say("room: {fingerprint}", { fingerprint }),
    say("its key is kept in {path}", { path: shortenPath(room.keyPath, env("HOME")) }),
    say("enter it with: {command}", { command: `chat-client ${name}` }),
    ...isMovingOn(keyText)
      ? [say("remove {path}: nothing is erased there any more", { path })]
      : [],
  ].join("\n");
}

async function dropRoom({ args, env, os, say, questions }: CommandParts): Promise<string> {
  const line = parseCommandLine(REMOVE_ROOM_SPEC, args.slice(2), say);
  if (typeof line === "string") return line;
  const { name } = await findNamedRoom(REMOVE_ROOM_SPEC, line.args[0]!, { env, os });
  if (!line.switches.has("yes")) {
    if (!questions.isTerminal) {
      throw new UsageError(
        worded("Cannot remove room {name}: nobody can be asked", { name }),
        worded("Remove its key, too, with --yes."),
      );
    }
    questions.tell(
      worded("This removes the key of the room. Who has no other copy cannot come back."),
    );
    const answer = await questions.ask(worded("Type {name} to remove it: ", { name }));
    if (answer?.trim().toLowerCase() !== name) {
      throw new ChatError(worded("Nothing was removed"));
    }
  }
  await removeRoom(requireDirectory(env, os), name);
  return say("{name} is removed", { name });
}

/** A room's nickname is checked before it is written. */
function readNick(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return parseNickname(text);
  } catch (error) {
    throw new UsageError(
      (error as ChatError).wording,
      worded("Choose one with --nick NAME."),
    );
  }
}

/**
 * Finds the directory of the rooms.
 *
 * @throws {ChatError} If there is no place for one.
 */
export function requireDirectory(env: CommandParts["env"], os: string): string {
  const directory = roomsDirectory(env, os);
  if (directory !== undefined) return directory;
  throw new ChatError(worded("There is no place for rooms"), {
    hint: worded("Set HOME or XDG_CONFIG_HOME."),
  });
}
