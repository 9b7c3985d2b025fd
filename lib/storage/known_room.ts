/**
 * The room that a user has already whose key is handed to them once more.
 *
 * @module
 */

import { joinSecrets } from "../crypto/moving_on.ts";
import {
  isFirstForm,
  isSameRoom,
  MAX_ROOM_SECRET_CHARS,
  parseRoomSecret,
  type RoomSecret,
} from "../crypto/room_secret.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { explainWriteFailure } from "./file_failure.ts";
import { KeyStore } from "./key_store.ts";
import { listRooms, loadRoom, type NewRoom, type StoredRoom } from "./rooms.ts";
import { saveSettings } from "./settings_file.ts";
import { readBounded } from "./spoiled_text.ts";

/**
 * Finds the room that has a key, and has its settings name an address from now on. If the room has
 * moved on since, its key file does so, too.
 *
 * Of several rooms with the key, it is the one that is named, or has the address, or is the first.
 *
 * @param directory The directory of the rooms. It may be missing.
 * @param room The key, the address, the name that is preferred, and the nickname if it is another.
 * @returns The room as it was. Undefined if no room has the key, or none whose settings can be read.
 * @throws {ChatError} If the rooms cannot be listed, or the key or the address cannot be saved.
 */
export async function meetKnownRoom(
  directory: string,
  { name, address: { hostname, port }, keyText, nick }: NewRoom,
): Promise<StoredRoom | undefined> {
  const handed = await parseRoomSecret(keyText);
  const rooms = await findRooms(directory, handed);
  const isThere = ({ file: { values } }: StoredRoom) => {
    return values.ip === hostname && values.port === port;
  };
  const room = rooms.find((room) => room.name === name) ?? rooms.find(isThere) ?? rooms[0];
  if (!room) return undefined;
  if (!isFirstForm(handed)) await takeOver(room.keyPath, handed);
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

/** Adds the generations that were handed over to those of a key file. */
async function takeOver(path: string, handed: RoomSecret): Promise<void> {
  const store = await KeyStore.at(path, (warning) => {
    throw new ChatError(warning);
  });
  const now = Math.floor(Date.now() / 1000);
  await store.update((onDisk) => Promise.resolve(joinSecrets(onDisk!, handed, now)));
}

/** The rooms that have a root, and settings that can be read. */
async function findRooms(directory: string, handed: RoomSecret): Promise<StoredRoom[]> {
  const rooms: StoredRoom[] = [];
  for (const name of await listRooms(directory)) {
    try {
      const room = (await loadRoom(directory, name))!;
      const bytes = await readBounded(room.keyPath, MAX_ROOM_SECRET_CHARS);
      const known = await parseRoomSecret(new TextDecoder().decode(bytes).trim());
      if (isSameRoom(known, handed)) rooms.push(room);
    } catch {
      // A room that cannot be read is not in the way of another one.
    }
  }
  return rooms;
}
