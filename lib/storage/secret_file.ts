/**
 * One secret in one file: created once, loaded strictly, never overwritten.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { ChatError } from "../errors.ts";
import { createPrivateFile, keepPrivate, removeLeftovers, type Warn } from "./private_file.ts";

/** What a file of one kind holds, and how errors speak of it. */
export interface SecretKind<T> {
  /** As in "Cannot load key". */
  readonly name: string;
  /** The option that names another file, as in "--key PATH". */
  readonly option: string;
  /** What to do about a file that holds something else. */
  readonly hint: string;
  /** Longest file, in bytes; a longer one is not read, and parsed as if it were empty. */
  readonly maxBytes: number;
  /** Reads the whole text; throws, without a word of it, what becomes the error's cause. */
  readonly parse: (text: string) => T | Promise<T>;
}

/**
 * Loads a file.
 *
 * Readable by group or others, it is tightened to mode 0600 with a warning.
 *
 * @param path The file.
 * @param kind What it must hold.
 * @param warn Told what was changed.
 * @returns What `kind.parse()` made of it.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {ChatError} If it is not a readable file of this kind, or others could read it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const word = { name: "word", option: "--word PATH", hint: "", maxBytes: 9, parse: String };
 * await assert.rejects(loadSecretFile("no/word", word, console.error), Deno.errors.NotFound);
 * ```
 */
export async function loadSecretFile<T>(
  path: string,
  kind: SecretKind<T>,
  warn: Warn,
): Promise<T> {
  const { name, maxBytes } = kind;
  try {
    const info = await Deno.stat(path);
    if (!info.isFile) throw new ChatError(`Cannot load ${name}: ${path} is not a file`);
    const text = info.size > maxBytes ? "" : await Deno.readTextFile(path);
    const secret = await parse(path, text, kind);
    await keepPrivate(path, info.mode, warn, name);
    return secret;
  } catch (error) {
    if (error instanceof ChatError || error instanceof Deno.errors.NotFound) throw error;
    throw new ChatError(`Cannot load ${name}: ${path} cannot be read`, {
      cause: error,
      hint: "Check its permissions: it must belong to you.",
    });
  }
}

/**
 * Loads a file, or creates it where there is none.
 *
 * Of several processes exactly one creates it, and all load the same secret.
 *
 * @param path The file.
 * @param kind What it must hold.
 * @param make Makes the text of a new file.
 * @param warn Told what was changed.
 * @returns What `kind.parse()` made of it, and whether this call made the file.
 * @throws {ChatError} If an existing file is not of this kind, or none can be created.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const path = `${await Deno.makeTempDir()}/word`;
 * const word = { name: "word", option: "--word PATH", hint: "", maxBytes: 9, parse: String };
 * const opened = await openSecretFile(path, word, () => "xyzzy", console.error);
 * assert.deepEqual(opened, { secret: "xyzzy", created: true });
 * await Deno.remove(path);
 * ```
 */
export async function openSecretFile<T>(
  path: string,
  kind: SecretKind<T>,
  make: () => string | Promise<string>,
  warn: Warn,
): Promise<{ secret: T; created: boolean }> {
  let created = false;
  try {
    created = !(await exists(path)) && await createPrivateFile(path, await make());
  } catch (error) {
    throw new ChatError(`Cannot create ${kind.name}: ${path} cannot be written`, {
      cause: error,
      hint: `Choose a directory that you may write to, with ${kind.option}.`,
    });
  }
  try {
    const secret = await loadSecretFile(path, kind, warn);
    await removeLeftovers(path);
    return { secret, created };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new ChatError(`Cannot load ${kind.name}: ${path} is a link to nothing`, {
      cause,
      hint: `Remove the link, or choose another file with ${kind.option}.`,
    });
  }
}

async function parse<T>(path: string, text: string, kind: SecretKind<T>): Promise<T> {
  try {
    return await kind.parse(text);
  } catch (cause) {
    throw new ChatError(`Cannot load ${kind.name}: ${path} does not hold a valid ${kind.name}`, {
      cause,
      hint: kind.hint,
    });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
