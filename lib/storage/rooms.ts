/**
 * Rooms by name: a directory for each, with the key of the room and the settings that it needs.
 *
 * A new room gets its name when both files are whole. So no room is half there, and no key is
 * written over.
 *
 * @module
 * @see lib/storage/state_paths.ts for the directory of the rooms
 */

import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { explainReadFailure, explainWriteFailure } from "./file_failure.ts";
import { KEY_CHARS } from "./key_file.ts";
import { MAX_ROOMS } from "./limits.ts";
import { createDirectory, exists, type Texts, tryDirectory } from "./new_directory.ts";
import { expectOwnDirectory } from "./ownership.ts";
import { parseRoomName, proposeRoomName } from "./room_name.ts";
import { loadSettingsFile, type SettingsFile } from "./settings_file.ts";
import { syncDirectory } from "./synced_file.ts";

const KEY_FILE = "secret.key";
const SETTINGS_FILE = "room.json";
/** What chooses the directory of the rooms. */
const PLACE = "XDG_CONFIG_HOME";

/** A room that has a name. */
export interface StoredRoom {
  readonly name: string;
  /** The key file. It may be missing. */
  readonly keyPath: string;
  /** The settings of the room, which are not checked. */
  readonly file: SettingsFile;
}

/** A room to be stored. */
export interface NewRoom {
  /** As `parseNewRoomName()` returns it. Undefined for a free one, made of the host name. */
  readonly name: string | undefined;
  readonly address: { readonly hostname: string; readonly port: number };
  /** How the server is reached, beside its address: settings; none by default. */
  readonly link?: SettingsFile["values"];
  /** The key of the room, 44 characters. */
  readonly keyText: string;
  /** The user's nickname in the room; undefined for that of the settings. */
  readonly nick: string | undefined;
}

/**
 * Lists the names of the rooms.
 *
 * @param directory The directory of the rooms. It may be missing.
 * @returns The names in alphabetical order, `MAX_ROOMS` at most.
 * @throws {ChatError} If the directory cannot be read.
 */
export async function listRooms(directory: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(directory)) {
      if (names.length === MAX_ROOMS) break;
      // The directory may hold more than rooms: Windows keeps what was seen in the same place.
      if (parseRoomName(name) === name && await isRoom(`${directory}/${name}`)) names.push(name);
    }
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    const { reason, hint } = explainReadFailure(directory, cause, PLACE);
    throw new ChatError(worded("Cannot list rooms: {reason}", { reason }), { cause, hint });
  }
  return names.sort();
}

/**
 * Loads a room.
 *
 * @param directory The directory of the rooms.
 * @param name As `parseRoomName()` returns it.
 * @returns Undefined if there is no such room.
 * @throws {UsageError} As `loadSettingsFile()` does.
 */
export async function loadRoom(directory: string, name: string): Promise<StoredRoom | undefined> {
  const own = `${directory}/${name}`;
  if (!await isRoom(own)) return undefined;
  await expectOwnDirectory(directory);
  const path = `${own}/${SETTINGS_FILE}`;
  const file = await loadSettingsFile(path) ?? { path, values: {} };
  return { name, keyPath: `${own}/${KEY_FILE}`, file };
}

/**
 * Stores a room. It survives a power cut.
 *
 * If several processes call this at once with the same name, exactly one stores its room.
 *
 * @param directory The directory of the rooms. A missing one is made.
 * @param room The room.
 * @returns The stored room, with its name.
 * @throws {ChatError} If the name is taken, or the room cannot be written.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * const address = { hostname: "::1", port: 5050 };
 * const room = { name: undefined, address, keyText: "k".repeat(44), nick: "bob" };
 * assert.equal((await storeRoom(directory, { ...room, name: "friends" })).name, "friends");
 * await assert.rejects(storeRoom(directory, { ...room, name: "friends" }));
 * assert.equal((await storeRoom(directory, room)).name, "room-1");
 * assert.equal((await storeRoom(directory, room)).name, "room-1-2");
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function storeRoom(directory: string, room: NewRoom): Promise<StoredRoom> {
  await expectOwnDirectory(directory);
  for (const name of namesFor(room)) {
    const own = `${directory}/${name}`;
    const create = () => createDirectory(directory, name, textsOf(room));
    if (!await write(own, create)) continue;
    const file = { path: `${own}/${SETTINGS_FILE}`, values: settingsOf(room) };
    return { name, keyPath: `${own}/${KEY_FILE}`, file };
  }
  throw refuseName(room.name ?? room.address.hostname);
}

/**
 * Sees whether a room could be stored, while nobody has its key yet: it is written and removed.
 * Nothing of it stays, and no directory that was not there before.
 *
 * @param directory The directory of the rooms. It may be missing.
 * @param room The room.
 * @throws {ChatError} As {@linkcode storeRoom} does.
 */
export async function tryRoom(directory: string, room: Omit<NewRoom, "keyText">): Promise<void> {
  await expectOwnDirectory(directory);
  const texts = textsOf({ ...room, keyText: "0".repeat(KEY_CHARS) });
  for (const name of namesFor(room)) {
    const own = `${directory}/${name}`;
    if (!await write(own, () => exists(own))) {
      return await write(own, () => tryDirectory(directory, name, texts));
    }
  }
  throw refuseName(room.name ?? room.address.hostname);
}

/**
 * Removes a room with its key. What else is in its directory stays.
 *
 * @param directory The directory of the rooms.
 * @param name The name of a room that exists.
 * @throws {ChatError} If the room cannot be removed.
 */
export async function removeRoom(directory: string, name: string): Promise<void> {
  const own = `${directory}/${name}`;
  try {
    const { isSymlink } = await Deno.lstat(own);
    // The key goes last: without the settings it is still a room.
    for (const file of isSymlink ? [] : [SETTINGS_FILE, KEY_FILE]) {
      await Deno.remove(`${own}/${file}`).catch(ignoreNotFound);
    }
    await Deno.remove(own);
    await syncDirectory(directory);
  } catch (cause) {
    const { reason } = explainWriteFailure(own, cause, PLACE);
    throw new ChatError(worded("Cannot remove room {name}: {reason}", { name, reason }), { cause });
  }
}

/**
 * Checks that a new room can have a name.
 *
 * @param directory The directory of the rooms. It may be missing.
 * @param name As `parseNewRoomName()` returns it.
 * @throws {ChatError} If the name is taken.
 */
export async function expectFreeRoom(directory: string, name: string): Promise<void> {
  await expectOwnDirectory(directory);
  if (await exists(`${directory}/${name}`)) throw refuseName(name);
}

function refuseName(name: string): ChatError {
  return refuse(worded("there is a room called {name} already", { name }), {
    hint: worded("Choose another name: no key is written over."),
  });
}

function refuse(reason: Wording, options: ErrorOptions & { hint: Wording }): ChatError {
  return new ChatError(worded("Cannot keep room: {reason}", { reason }), options);
}

/** The names that a room can have: the one that was chosen, or one proposal after the other. */
function* namesFor({ name, address }: Pick<NewRoom, "name" | "address">): Generator<string> {
  if (name !== undefined) return yield name;
  for (let number = 1; number <= MAX_ROOMS; number++) {
    yield proposeRoomName(address.hostname, number);
  }
}

function settingsOf({ address: { hostname, port }, link, nick }: Omit<NewRoom, "keyText">) {
  return { ip: hostname, port, ...link, ...nick === undefined ? {} : { nick } };
}

function textsOf(room: NewRoom): Texts {
  const settings = `${JSON.stringify(settingsOf(room), undefined, 2)}\n`;
  return { [KEY_FILE]: room.keyText, [SETTINGS_FILE]: settings };
}

/** Does something with the directory of a room. */
async function write<T>(path: string, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (cause) {
    const { reason, hint } = explainWriteFailure(path, cause, PLACE);
    throw refuse(reason, { cause, hint });
  }
}

async function isRoom(path: string): Promise<boolean> {
  return await exists(`${path}/${SETTINGS_FILE}`) || await exists(`${path}/${KEY_FILE}`);
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
