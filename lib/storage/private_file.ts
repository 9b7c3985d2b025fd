/**
 * Files that only their owner may read.
 *
 * The text is written to a temporary file, which then gets the file's name. A crash at any point
 * leaves the old file, the new one, or none, and never a part of one.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { encodeHex } from "@std/encoding/hex";
import { ChatError } from "../errors.ts";
import type { Phrase } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { STALE_TEMPORARY_MS } from "./limits.ts";
import { findOwnUid, isForeign, type Owned } from "./ownership.ts";
import { syncDirectory, takeName, writeSynced } from "./synced_file.ts";

/** Permissions of a private file and of a private directory, and those that neither gives. */
const OWNER_ONLY = 0o600;
const OWNER_ONLY_DIRECTORY = 0o700;
const GROUP_AND_OTHERS = 0o077;
/** All that nobody may have of a secret that cannot be changed: it is for its owner and a group. */
const GROUP_WRITE_AND_OTHERS = 0o037;

const MOUNTED_HINT = worded(
  "Have it given to you with mode 0400 or 0440, or use a copy with mode 0600. A server can do without it: --keyless PATH.",
);

/** Called with each warning about a file. */
export type Warn = (warning: Wording) => void;

/** The phrase of an error about a file that cannot be used. */
export type LoadFailure = Extract<Phrase, `Cannot load ${string}: {reason}`>;

/**
 * Creates a file of mode 0600, unless there is one. It survives a power cut.
 *
 * If several processes call this at once, exactly one makes the file. See {@linkcode takeName} for
 * mounts without hard links.
 *
 * @param path The file. Its directory must exist.
 * @param text The file's content.
 * @returns Whether this call made the file. False if the name exists, even as a link to nothing.
 * @throws {Error} As `Deno.open()` throws it, if the file cannot be written.
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
    if (!await takeName(temporary, path)) return false;
  } finally {
    await Deno.remove(temporary).catch(ignoreNotFound);
  }
  await syncDirectory(directoryOf(path));
  return true;
}

/**
 * Replaces a file or creates it, with mode 0600. A missing directory is made private.
 *
 * A reader finds the old text or the new one. After a power cut the old text may be there.
 *
 * @param path The file. If it is a symbolic link, the link is replaced.
 * @param text The file's content.
 * @throws {Error} If the file cannot be written. The old file is then untouched.
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
 * Tries whether a file can be replaced: makes a temporary file beside it, and removes that.
 *
 * @param path The file, which stays as it is.
 * @throws {Error} If it cannot.
 */
export async function tryReplacing(path: string): Promise<void> {
  const temporary = temporaryPath(path);
  try {
    await writeSynced(temporary, "-");
  } finally {
    await Deno.remove(temporary).catch(ignoreNotFound);
  }
}

/**
 * Creates a directory, and those above it, with mode 0700.
 *
 * @param path The directory. One that exists is left as it is.
 * @throws {Error} As `Deno.mkdir()` throws it, if the directory cannot be created.
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  await Deno.mkdir(path, { recursive: true, mode: OWNER_ONLY_DIRECTORY });
}

/**
 * Removes temporary files of the file that killed processes left, if they are a minute old. Each is
 * a second copy of the file's content, which may be secret. A failure to remove one is no error.
 *
 * @param path The file, whose name the temporary files' names are made of.
 * @param isAlone Whether no other process writes the file: then they go whatever their age.
 */
export async function removeLeftovers(path: string, isAlone = false): Promise<void> {
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
      if (isAlone || age > STALE_TEMPORARY_MS) await Deno.remove(leftover);
    }
  } catch {
    // The directory may be another user's, or another process removes too. The file itself is good.
  }
}

/**
 * Changes the mode of a file that group or others may use to 0600, and warns of it.
 *
 * A file whose mode is not ours to change is good if a group alone may read it, and others may not:
 * so secrets are mounted, and so an administrator gives them to a service.
 *
 * @param path The file.
 * @param mode The file's mode, as `Deno.stat()` tells it; null on Windows.
 * @param warn Told that the mode was changed.
 * @param failure The phrase of the error.
 * @throws {ChatError} If the mode cannot be changed.
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
    const isFixed = isRefused(cause);
    if (isFixed && (mode & GROUP_WRITE_AND_OTHERS) === 0) return;
    const reason = worded("others may read {path}", { path });
    const hint = isFixed ? MOUNTED_HINT : worded("Make it private: chmod 600 {path}", { path });
    throw new ChatError(worded(failure, { reason }), { cause, hint });
  }
  warn(worded("others could read {path}: its mode is now 0600", { path }));
}

/**
 * Looks at a file of this user's state before it is read: another user's is refused, and one that
 * others may use is treated as {@linkcode keepPrivate} does. For a link it only warns, as it may lead
 * to a file that is meant for others.
 *
 * @param info The file, as `Deno.stat()` tells of it.
 * @throws {ChatError} If it is another user's, or cannot be made private.
 */
export async function checkStateFile(
  path: string,
  info: Owned,
  warn: Warn,
  failure: LoadFailure,
): Promise<void> {
  if (isForeign(info, await findOwnUid())) {
    throw new ChatError(worded("it belongs to another user"));
  }
  const { mode } = info;
  if (!(await Deno.lstat(path)).isSymlink) return await keepPrivate(path, mode, warn, failure);
  if (mode !== null && (mode & GROUP_AND_OTHERS) !== 0) {
    warn(worded("others may read {path}", { path }));
  }
}

/**
 * Tells the directory of a file.
 *
 * @param path A relative or absolute path. On Windows it may have either separator.
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

/** Whether the system refuses to change a file: it is another's, or its mount is read-only. */
function isRefused(error: unknown): boolean {
  if (error instanceof Deno.errors.PermissionDenied) return true;
  const { code } = error as Error & { code?: string };
  return code === "EROFS" || code === "ENOTSUP" || code === "EOPNOTSUPP";
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
