/**
 * One secret in one file: created once, loaded strictly, never overwritten.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { ChatError } from "../errors.ts";
import type { Phrase } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";
import {
  createPrivateFile,
  keepPrivate,
  type LoadFailure,
  removeLeftovers,
  type Warn,
} from "./private_file.ts";

type CreateFailure = Extract<Phrase, `Cannot create ${string}: {reason}`>;
type InvalidFile = Extract<Phrase, `{path} does not hold a valid ${string}`>;

/** What a file of one kind holds, and how errors speak of it. */
export interface SecretKind<T> {
  /** What cannot be done with a file of another kind. */
  readonly cannotLoad: LoadFailure;
  /** What cannot be done where no file can be made. */
  readonly cannotCreate: CreateFailure;
  /** What is wrong with a file of another kind. */
  readonly invalid: InvalidFile;
  /** The option that names another file, as in "--key PATH". */
  readonly option: string;
  /** What to do about a file that holds something else. */
  readonly hint: Wording;
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
 */
export async function loadSecretFile<T>(
  path: string,
  kind: SecretKind<T>,
  warn: Warn,
): Promise<T> {
  const { cannotLoad, maxBytes } = kind;
  try {
    const info = await Deno.stat(path);
    if (!info.isFile) {
      const reason = worded("{path} is not a file", { path });
      throw new ChatError(worded(cannotLoad, { reason }));
    }
    const text = info.size > maxBytes ? "" : await Deno.readTextFile(path);
    const secret = await parse(path, text, kind);
    await keepPrivate(path, info.mode, warn, cannotLoad);
    return secret;
  } catch (error) {
    if (error instanceof ChatError || error instanceof Deno.errors.NotFound) throw error;
    const reason = worded("{path} cannot be read", { path });
    const hint = worded("Check its permissions: it must belong to you.");
    throw new ChatError(worded(cannotLoad, { reason }), { cause: error, hint });
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
  } catch (cause) {
    const reason = worded("{path} cannot be written", { path });
    const { cannotCreate, option } = kind;
    const hint = worded("Choose a directory that you may write to, with {option}.", { option });
    throw new ChatError(worded(cannotCreate, { reason }), { cause, hint });
  }
  try {
    const secret = await loadSecretFile(path, kind, warn);
    await removeLeftovers(path);
    return { secret, created };
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    const reason = worded("{path} is a link to nothing", { path });
    const { cannotLoad, option } = kind;
    const hint = worded("Remove the link, or choose another file with {option}.", { option });
    throw new ChatError(worded(cannotLoad, { reason }), { cause, hint });
  }
}

async function parse<T>(path: string, text: string, kind: SecretKind<T>): Promise<T> {
  try {
    return await kind.parse(text);
  } catch (cause) {
    const { cannotLoad, invalid, hint } = kind;
    const reason = worded(invalid, { path });
    throw new ChatError(worded(cannotLoad, { reason }), { cause, hint });
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
