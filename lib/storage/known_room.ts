/**
 * The room that a user has already whose key is handed to them once more.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { explainWriteFailure } from "./file_failure.ts";
import { KEY_CHARS } from "./key_file.ts";
import { listRooms, loadRoom, type NewRoom, type StoredRoom } from "./rooms.ts";
import { saveSettings } from "./settings_file.ts";
import { readBounded } from "./spoiled_text.ts";

/**
 * Finds the room that has a key, and has its settings name an address from now on.
 *
 * Of several rooms with the key, it is the one that is named, or has the address, or is the first.
 *
 * @param directory The directory of the rooms. It may be missing.
 * @param room The key, the address, the name that is preferred, and the nickname if it is another.
 * @returns The room as it was. Undefined if no room has the key, or none whose settings can be read.
 * @throws {ChatError} If the rooms cannot be listed, or the address cannot be saved.
 */
export async function meetKnownRoom(
  directory: string,
  { name, address: { hostname, port }, keyText, nick }: NewRoom,
): Promise<StoredRoom | undefined> {
  const rooms = await findRooms(directory, keyText);
  const isThere = ({ file: { values } }: StoredRoom) => {
    return values.ip === hostname && values.port === port;
  };
  const room = rooms.find((room) => room.name === name) ?? rooms.find(isThere) ?? rooms[0];
  if (!room) return undefined;
  const { path, values } = room.file;
  if (isThere(room) && (nick === undefined || nick === values.nick)) return room;
  const changes = { ip: hostname, port, ...nick === undefined ? {} : { nick } };
  try {
    await saveSettings(path, changes);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    const { reason, hint } = explainWriteFailure(path, cause, "XDG_CONFIG_HOME");
    throw new ChatError(worded("Cannot keep room: {reason}", { reason }), { cause, hint });
  }
  return room;
}

/** The rooms that have a key, and settings that can be read. */
async function findRooms(directory: string, keyText: string): Promise<StoredRoom[]> {
  const rooms: StoredRoom[] = [];
  for (const name of await listRooms(directory)) {
    try {
      const room = (await loadRoom(directory, name))!;
      const bytes = await readBounded(room.keyPath, KEY_CHARS);
      if (new TextDecoder().decode(bytes).trim() === keyText) rooms.push(room);
    } catch {
      // A room that cannot be read is not in the way of another one.
    }
  }
  return rooms;
}
