/**
 * Which room is entered: the one that is named, or the only one.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { parseRoomName } from "../storage/room_name.ts";
import { listRooms, loadRoom, type StoredRoom } from "../storage/rooms.ts";
import type { SettingsFile } from "../storage/settings_file.ts";
import { roomsDirectory } from "../storage/state_paths.ts";
import { guessWord } from "../text/spelling.ts";
import { resolveClientSettings } from "./client_settings.ts";
import type { CommandLine } from "./options.ts";
import type { ProgramSpec } from "./spec.ts";
import { missingArgument } from "./usage.ts";

/** Where rooms are looked for. */
export interface RoomPlace {
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The operating system, as `Deno.build.os` names it. */
  readonly os: string;
  /** The settings file; undefined for none. */
  readonly file: SettingsFile | undefined;
}

/**
 * Finds the room that a command line means.
 *
 * @param spec The program.
 * @param line The command line.
 * @param place Where rooms are looked for.
 * @returns The room that is named. Without a name and an address, the only room there is. Undefined
 * if there is an address, or no only room.
 * @throws {UsageError} If there is no room of that name, or its settings cannot be read.
 * @throws {ChatError} If the directory of the rooms cannot be read.
 */
export async function findRoom(
  spec: ProgramSpec,
  line: CommandLine,
  place: RoomPlace,
): Promise<StoredRoom | undefined> {
  if (line.single !== undefined) return await findNamedRoom(spec, line.single, place);
  const directory = roomsDirectory(place.env, place.os);
  if (directory === undefined || hasAddress(line, place)) return undefined;
  const [only, ...others] = await listRooms(directory);
  return only === undefined || others.length > 0 ? undefined : await loadRoom(directory, only);
}

/**
 * Finds a room by its name.
 *
 * @param spec The program, for the error.
 * @param text The name, as the user wrote it.
 * @param place Where rooms are looked for.
 * @throws {UsageError} As {@linkcode findRoom} does.
 */
export async function findNamedRoom(
  spec: ProgramSpec,
  text: string,
  { env, os }: Omit<RoomPlace, "file">,
): Promise<StoredRoom> {
  const directory = roomsDirectory(env, os);
  const name = parseRoomName(text);
  const room = directory && name && await loadRoom(directory, name);
  if (room) return room;
  throw refuseRoom(spec, text, directory === undefined ? [] : await listRooms(directory));
}

/**
 * Tells whether anything but a room gives a part of the server's address.
 *
 * @param line The command line.
 * @param place Where rooms are looked for.
 * @throws {UsageError} If a setting cannot be understood.
 */
export function hasAddress(line: CommandLine, { env, file }: RoomPlace): boolean {
  const settings = resolveClientSettings(line, env, file);
  return ["ip", "port"].some((name) => settings.get(name)?.value !== undefined);
}

/**
 * Makes the error about a room that does not exist.
 *
 * @param spec The program.
 * @param text The name, as the user wrote it. It may be an address that lacks its port.
 * @param names The names of all rooms.
 */
export function refuseRoom(
  spec: ProgramSpec,
  text: string,
  names: readonly string[],
): UsageError {
  if (spec.args.length > 1 && isAddress(text)) return missingArgument(spec, [text]);
  const commands = (spec.commands ?? []).map(({ name }) => name);
  const guess = guessWord(text, [...names, ...commands]);
  return new UsageError(
    worded("There is no room called {name}", { name: JSON.stringify(text) }),
    guess === undefined
      ? worded("See {command}.", { command: "chat-client rooms" })
      : worded("Did you mean {name}?", { name: guess }),
  );
}

/** Whether a text can only be an address: with an IP address in it, or `localhost`. */
function isAddress(text: string): boolean {
  return /:|^[0-9]+(?:\.[0-9]+){3}$|^localhost$/.test(text);
}
