/**
 * Files that only their owner may read: made once or replaced as a whole, so
 * that a crash at any point leaves the old file, the new one, or none.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { encodeHex } from "@std/encoding/hex";
import { writeAll } from "../bytes/write_all.ts";
import { ChatError } from "../errors.ts";
import type { Phrase } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { STALE_TEMPORARY_MS } from "./limits.ts";

/** Permissions of a private file and of a private directory, and those that neither gives. */
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const GROUP_AND_OTHERS = 0o077;

/** Where warnings about files go, one line each. */
export type Warn = (warning: Wording) => void;

/** How a file that cannot be used is spoken of. */
export type LoadFailure = Extract<Phrase, `Cannot load ${string}: {reason}`>;

/**
 * Creates a file of mode 0600, unless there is one.
 *
 * The text is written to a temporary file, synced, and then linked to its
 * name: of several processes exactly one wins, and a crash at any point leaves
 * no file or a whole one.
 *
 * @param path The file; its directory must exist.
 * @param text What it shall hold.
 * @returns Whether it was made: false if there was one, a link to nothing included.
 * @throws {Error} If it cannot be written, as `Deno.open()` and `Deno.link()` throw it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * assert.equal(await createPrivateFile(`${directory}/a`, "first"), true);
 * assert.equal(await createPrivateFile(`${directory}/a`, "second"), false);
 * assert.equal(await Deno.readTextFile(`${directory}/a`), "first");
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function createPrivateFile(path: string, text: string): Promise<boolean> {
  const temporary = temporaryPath(path);
  try {
    await writeSynced(temporary, text);
    try {
      await Deno.link(temporary, path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
  } finally {
    await Deno.remove(temporary).catch(ignoreNotFound);
  }
  await syncDirectory(directoryOf(path));
  return true;
}

/**
 * Replaces a file, or creates it, with mode 0600 and in a private directory.
 *
 * Whoever reads it meanwhile, or after a crash, finds the old text or the new
 * one. After a power cut it may be the old one.
 *
 * @param path The file. If it is a symbolic link, the link is replaced.
 * @param text What it shall hold.
 * @throws {Error} If it cannot be written; the old file is then untouched.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * await replacePrivateFile(`${directory}/new/a`, "first");
 * await replacePrivateFile(`${directory}/new/a`, "second");
 * assert.equal(await Deno.readTextFile(`${directory}/new/a`), "second");
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function replacePrivateFile(path: string, text: string): Promise<void> {
  await makePrivateDirectory(directoryOf(path));
  const temporary = temporaryPath(path);
  try {
    await writeSynced(temporary, text);
    await Deno.rename(temporary, path);
  } catch (error) {
    await Deno.remove(temporary).catch(ignoreNotFound);
    throw error;
  }
}

/**
 * Creates a directory, and those above it, with mode 0700.
 *
 * @param path The directory; one that exists is left as it is.
 * @throws {Error} If it cannot be created, as `Deno.mkdir()` throws it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * await makePrivateDirectory(`${directory}/a/b`);
 * assert.ok((await Deno.stat(`${directory}/a/b`)).isDirectory);
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
}

/**
 * Removes what killed writers left beside a file, once it is a minute old: each
 * is a second copy of what the file holds.
 *
 * @param path The file, not the leftover. Failing is no error.
 * @example
 * ```ts
 * await removeLeftovers("no/such.key");
 * ```
 */
export async function removeLeftovers(path: string): Promise<void> {
  const directory = directoryOf(path);
  const prefix = temporaryPrefix(path);
  try {
    for await (const { name, isFile } of Deno.readDir(directory)) {
      const isOurs = name.startsWith(prefix) &&
        /^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length));
      if (!isOurs || !isFile) continue;
      const leftover = `${directory}/${name}`;
      const { mtime } = await Deno.lstat(leftover);
      const age = Date.now() - (mtime?.getTime() ?? Date.now());
      if (age > STALE_TEMPORARY_MS) await Deno.remove(leftover);
    }
  } catch {
    // In a directory of somebody else's, or in a race: the file is good all the same.
  }
}

/**
 * Tightens a file that group or others may use to mode 0600, with a warning.
 *
 * @param path The file.
 * @param mode Its mode, as `Deno.stat()` tells it; null on Windows.
 * @param warn Told what was changed.
 * @param failure What cannot be done then.
 * @throws {ChatError} If its mode cannot be changed.
 * @example
 * ```ts
 * await keepPrivate("no/such.key", 0o600, console.error, "Cannot load key: {reason}");
 * ```
 */
export async function keepPrivate(
  path: string,
  mode: number | null,
  warn: Warn,
  failure: LoadFailure,
): Promise<void> {
  if (mode === null || (mode & GROUP_AND_OTHERS) === 0) return;
  try {
    await Deno.chmod(path, OWNER_ONLY);
  } catch (cause) {
    const reason = worded("others may read {path}", { path });
    const hint = worded("Make it private: chmod 600 {path}", { path });
    throw new ChatError(worded(failure, { reason }), { cause, hint });
  }
  warn(worded("others could read {path}: its mode is now 0600", { path }));
}

/**
 * Tells the directory that a file lies in.
 *
 * @param path Relative or absolute; on Windows with either separator.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(directoryOf("a/b/secret.key"), "a/b");
 * assert.equal(directoryOf("secret.key"), ".");
 * ```
 */
export function directoryOf(path: string): string {
  const slash = lastSlash(path);
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

function temporaryPath(path: string): string {
  const random = encodeHex(crypto.getRandomValues(new Uint8Array(8)));
  return `${directoryOf(path)}/${temporaryPrefix(path)}${random}.tmp`;
}

function temporaryPrefix(path: string): string {
  return `.${path.slice(lastSlash(path) + 1)}.`;
}

function lastSlash(path: string): number {
  return Math.max(
    path.lastIndexOf("/"),
    Deno.build.os === "windows" ? path.lastIndexOf("\\") : -1,
  );
}

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: OWNER_ONLY });
  // A umask can take bits from the mode given at creation, even the owner's.
  if (Deno.build.os !== "windows") await Deno.chmod(path, OWNER_ONLY);
  await writeAll(file, new TextEncoder().encode(text));
  await file.sync();
}

/** Makes a new name survive a power cut, where directories can be synced. */
async function syncDirectory(directory: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await Deno.open(directory);
  await handle.sync();
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
