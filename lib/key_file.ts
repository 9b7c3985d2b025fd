/**
 * `secret.key` on disk: created once, loaded strictly, never overwritten.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The key file"
 */

import { encodeHex } from "@std/encoding/hex";
import { ChatError } from "./errors.ts";
import { generateKey, parseKey } from "./key.ts";
import { STALE_TEMPORARY_MS } from "./limits.ts";
import { writeAll } from "./write_all.ts";

const KEY_CHARS = 44;
const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;

/** A key that was read or made. */
export interface KeyFile {
  /** 44 characters, valid for `importKey()`. */
  readonly text: string;
  /** Whether this call made the file. */
  readonly created: boolean;
}

/** Where a key file's warnings go, one line each. */
export type Warn = (message: string) => void;

/**
 * Loads a key file.
 *
 * Readable by group or others, it is tightened to mode 0600 with a warning.
 *
 * @param path The file: 44 characters and at most one line ending.
 * @param warn Told what was changed.
 * @returns The key's text, 44 characters.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {ChatError} If it is not a readable file with a valid key, or others could read it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * await assert.rejects(() => loadKeyFile("no/such.key", console.error), Deno.errors.NotFound);
 * ```
 */
export async function loadKeyFile(path: string, warn: Warn): Promise<string> {
  try {
    const info = await Deno.stat(path);
    if (!info.isFile) throw new ChatError(`Cannot load key: ${path} is not a file`);
    // Longer than any key file is not read at all, let alone into memory.
    const text = info.size > KEY_CHARS + 2 ? "" : await Deno.readTextFile(path);
    const key = parseKeyFile(path, text);
    await keepPrivate(path, info.mode, warn);
    return key;
  } catch (error) {
    if (error instanceof ChatError || error instanceof Deno.errors.NotFound) throw error;
    throw new ChatError(`Cannot load key: ${path} cannot be read`, {
      cause: error,
      hint: "Check its permissions: it must belong to you.",
    });
  }
}

/**
 * Loads a key file, or creates it with a new key where there is none.
 *
 * The key is written to a temporary file of mode 0600, synced, and then linked
 * to its name: of several processes exactly one wins, all load the same key,
 * and a crash at any point leaves no file or a valid one.
 *
 * @param path The file.
 * @param warn Told what was changed.
 * @returns The key, and whether this call made it.
 * @throws {ChatError} If an existing file is not a valid key, or none can be created.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * const first = await openKeyFile(`${directory}/secret.key`, console.error);
 * const second = await openKeyFile(`${directory}/secret.key`, console.error);
 * assert.equal(first.created, true);
 * assert.deepEqual(second, { text: first.text, created: false });
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function openKeyFile(path: string, warn: Warn): Promise<KeyFile> {
  let created = false;
  try {
    created = !(await exists(path)) && await createKeyFile(path);
  } catch (error) {
    throw new ChatError(`Cannot create key: ${path} cannot be written`, {
      cause: error,
      hint: "Choose a directory that you may write to, with --key PATH.",
    });
  }
  try {
    const text = await loadKeyFile(path, warn);
    await removeLeftovers(path);
    return { text, created };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new ChatError(`Cannot load key: ${path} is a link to nothing`, {
      cause,
      hint: "Remove the link, or choose another file with --key PATH.",
    });
  }
}

/** Returns false if another process was first. */
async function createKeyFile(path: string): Promise<boolean> {
  const { directory, prefix } = temporaryNames(path);
  const random = encodeHex(crypto.getRandomValues(new Uint8Array(8)));
  const temporary = `${directory}/${prefix}${random}.tmp`;
  try {
    await writeSynced(temporary, generateKey());
    try {
      await Deno.link(temporary, path);
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
  } finally {
    await Deno.remove(temporary).catch(ignoreNotFound);
  }
  await syncDirectory(directory);
  return true;
}

async function writeSynced(path: string, text: string): Promise<void> {
  using file = await Deno.open(path, { write: true, createNew: true, mode: OWNER_ONLY });
  // A umask can take bits from the mode given at creation, even the owner's.
  if (Deno.build.os !== "windows") await Deno.chmod(path, OWNER_ONLY);
  await writeAll(file, new TextEncoder().encode(text));
  await file.sync();
}

/** Makes the new name survive a power cut, where directories can be synced. */
async function syncDirectory(directory: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using handle = await Deno.open(directory);
  await handle.sync();
}

/** Removes what killed creations left: each is a second copy of a key. */
async function removeLeftovers(path: string): Promise<void> {
  const { directory, prefix } = temporaryNames(path);
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
    // In a directory of somebody else's, or in a race: the key is good all the same.
  }
}

function temporaryNames(path: string): { directory: string; prefix: string } {
  const slash = Math.max(
    path.lastIndexOf("/"),
    Deno.build.os === "windows" ? path.lastIndexOf("\\") : -1,
  );
  const directory = slash < 0 ? "." : path.slice(0, slash) || "/";
  return { directory, prefix: `.${path.slice(slash + 1)}.` };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).catch(ignoreNotFound) !== undefined;
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

function parseKeyFile(path: string, text: string): string {
  const key = text.replace(/\r?\n$/, "");
  try {
    parseKey(key).fill(0);
  } catch (cause) {
    throw new ChatError(`Cannot load key: ${path} does not hold a valid key`, {
      cause,
      hint: "It must be one line of 44 characters. Ask for the file again, or move it away " +
        "so that the server makes a new one.",
    });
  }
  return key;
}

async function keepPrivate(path: string, mode: number | null, warn: Warn): Promise<void> {
  if (mode === null || (mode & GROUP_AND_OTHERS) === 0) return;
  try {
    await Deno.chmod(path, OWNER_ONLY);
  } catch (cause) {
    throw new ChatError(`Cannot load key: others may read ${path}`, {
      cause,
      hint: `Make it private: chmod 600 ${path}`,
    });
  }
  warn(`others could read ${path}: its mode is now 0600`);
}
