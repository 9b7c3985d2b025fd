/**
 * Directories of private files that get their name when all is in them, so that none is ever half
 * there.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { encodeHex } from "@std/encoding/hex";
import { MAX_DIRECTORY_TRIES, STALE_TEMPORARY_MS } from "./limits.ts";
import { directoryOf, makePrivateDirectory } from "./private_file.ts";
import { syncDirectory, writeSynced } from "./synced_file.ts";

const TEMPORARY = /^\.[a-z0-9._-]+\.[0-9a-f]{16}\.tmp$/;

/** Texts by the names of their files. */
export type Texts = Readonly<Record<string, string>>;

/**
 * Makes a directory with files of mode 0600. It survives a power cut.
 *
 * If several processes call this at once with the same name, exactly one makes the directory.
 *
 * @param parent Where it is to be. If that is missing, it is made, and all above it.
 * @param name Its name: letters from a to z, digits, and `-`, `_`, `.`.
 * @param texts What it is to hold.
 * @returns Whether this call made it. False if the name is taken; by an empty directory it is not.
 * @throws {Error} If something cannot be written. Nothing of it stays then.
 */
export async function createDirectory(
  parent: string,
  name: string,
  texts: Texts,
): Promise<boolean> {
  const isNew = await withFiles(parent, name, texts, async (temporary) => {
    try {
      await Deno.rename(temporary, `${parent}/${name}`);
      return true;
    } catch (error) {
      if (await exists(`${parent}/${name}`)) return false;
      throw error;
    }
  });
  if (isNew) await syncDirectory(parent);
  return isNew;
}

/**
 * Does all that {@linkcode createDirectory} does but give the directory its name, and takes it back.
 *
 * @throws {Error} As {@linkcode createDirectory} does.
 */
export async function tryDirectory(parent: string, name: string, texts: Texts): Promise<void> {
  await withFiles(parent, name, texts, () => Promise.resolve());
}

/**
 * Tells whether there is something with this name, even a link to nothing.
 *
 * @throws {Error} As `Deno.lstat()` does, if that cannot be told.
 */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) {
      return false;
    }
    throw error;
  }
}

/** Has a temporary directory with files. What of it is there in the end goes, with all above it. */
async function withFiles<T>(
  parent: string,
  name: string,
  texts: Texts,
  use: (temporary: string) => Promise<T>,
): Promise<T> {
  const random = encodeHex(crypto.getRandomValues(new Uint8Array(8)));
  const temporary = `${parent}/.${name}.${random}.tmp`;
  const missing = await findMissing(parent);
  try {
    await makeDirectory(temporary);
    await removeLeftovers(parent);
    for (const [file, text] of Object.entries(texts)) {
      await writeSynced(`${temporary}/${file}`, text);
    }
    await syncDirectory(temporary);
    return await use(temporary);
  } finally {
    await Deno.remove(temporary, { recursive: true }).catch(ignore);
    // One that has something in it by now stays.
    for (const path of missing) await Deno.remove(path).catch(ignore);
  }
}

/** The directories of a path that are not there, the lowest first. */
async function findMissing(path: string): Promise<string[]> {
  const missing: string[] = [];
  for (let at = path; !await exists(at); at = directoryOf(at)) missing.push(at);
  return missing;
}

/** Another process may just be taking back a directory above. */
async function makeDirectory(path: string): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      return await makePrivateDirectory(path);
    } catch (error) {
      const isGone = error instanceof Deno.errors.NotFound;
      if (!isGone || tries === MAX_DIRECTORY_TRIES) throw error;
    }
  }
}

/** Removes what killed processes left, if it is a minute old: it may hold a key. */
async function removeLeftovers(directory: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    if (!isDirectory || !TEMPORARY.test(name)) continue;
    const path = `${directory}/${name}`;
    const info = await Deno.stat(path).catch(ignore);
    const age = Date.now() - (info?.mtime?.getTime() ?? Date.now());
    if (age > STALE_TEMPORARY_MS) await Deno.remove(path, { recursive: true }).catch(ignore);
  }
}

/** Another process may remove a thing first, or have use for it. */
function ignore(_error: unknown): undefined {}
