/**
 * Files that hold one secret each: a key or an identity.
 *
 * A file is made once and never overwritten. A file with anything but a valid secret is refused, and
 * so is another user's: that user knows the secret. A file that group or others can read gets mode
 * 0600, with a warning.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { ChatError } from "../errors.ts";
import type { Phrase } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { explainReadFailure, explainWriteFailure } from "./file_failure.ts";
import { findOwnUid, FOREIGN_HINT, isForeign } from "./ownership.ts";
import {
  createPrivateFile,
  keepPrivate,
  type LoadFailure,
  removeLeftovers,
  type Warn,
} from "./private_file.ts";
import { findSpoiling, isBlank, readBounded } from "./spoiled_text.ts";

const UTF16_HINT = worded("It is in UTF-16: save it as UTF-8.");

/** Longest wait, in ms, for the text of an empty file that has just been made. */
const NEW_FILE_WAIT_MS = 1000;
/** How often such a file is looked at, in ms. */
const NEW_FILE_CHECK_MS = 5;

type CreateFailure = Extract<Phrase, `Cannot create ${string}: {reason}`>;
type InvalidFile = Extract<Phrase, `{path} does not hold a valid ${string}`>;

/** A kind of secret file: how it is read, and how errors speak of it. */
export interface SecretKind<T> {
  /** The error about a file that cannot be loaded. */
  readonly cannotLoad: LoadFailure;
  /** The error about a file that cannot be made. */
  readonly cannotCreate: CreateFailure;
  /** The reason if a file holds anything else. */
  readonly invalid: InvalidFile;
  /** The option that names another file, such as "--key PATH". */
  readonly option: string;
  /** The hint if a file holds anything else. */
  readonly hint: Wording;
  /** Longest file, in bytes; of a longer one no more is read than tells what was done to it. */
  readonly maxBytes: number;
  /**
   * Parses the file's whole text. What it throws becomes the cause of an error, and must not have
   * any of the text in it.
   */
  readonly parse: (text: string) => T | Promise<T>;
}

/**
 * Loads a file.
 *
 * @param path The file; or a pipe that this process has open, such as `/dev/fd/63`.
 * @param kind The kind of secret that the file must hold.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns What `kind.parse()` returned.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {ChatError} If the file is not of this kind, is another user's, cannot be read, or cannot
 * be made private.
 */
export async function loadSecretFile<T>(
  path: string,
  kind: SecretKind<T>,
  warn: Warn,
): Promise<T> {
  const { cannotLoad, maxBytes } = kind;
  try {
    const { isFile, isFifo } = await Deno.stat(path);
    if (!isFile && !(isFifo && isDescriptor(path))) {
      const reason = worded("{path} is not a file", { path });
      throw new ChatError(worded(cannotLoad, { reason }));
    }
    using file = await Deno.open(path);
    // Of the open file, which nobody can put another one in place of.
    const info = await file.stat();
    if (isFile && isForeign(info, await findOwnUid())) {
      const reason = worded("{path} belongs to another user", { path });
      throw new ChatError(worded(cannotLoad, { reason }), { hint: FOREIGN_HINT });
    }
    const secret = await parseSecret(path, await readBounded(file, maxBytes), kind);
    if (isFile) await keepPrivate(path, info.mode, warn, cannotLoad);
    return secret;
  } catch (error) {
    if (error instanceof ChatError || error instanceof Deno.errors.NotFound) throw error;
    const { reason, hint } = explainReadFailure(path, error, kind.option);
    throw new ChatError(worded(cannotLoad, { reason }), { cause: error, hint });
  }
}

/**
 * Loads a file. If there is none, makes one.
 *
 * If several processes call this at once, exactly one makes the file, and all load the same secret.
 *
 * @param path The file.
 * @param kind The kind of secret that the file must hold.
 * @param make Makes the text of a new file.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns What `kind.parse()` returned, and whether this call made the file.
 * @throws {ChatError} As {@linkcode loadSecretFile} does, or if no file can be made.
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
    const { reason, hint } = explainWriteFailure(path, cause, kind.option);
    throw new ChatError(worded(kind.cannotCreate, { reason }), { cause, hint });
  }
  try {
    if (!created) await awaitText(path);
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

/**
 * Tells whether a path names an open file of this process, as `<(command)` of a shell does.
 *
 * @param path Any path.
 */
export function isDescriptor(path: string): boolean {
  return /^\/(?:dev\/stdin|(?:dev|proc\/self)\/fd\/[0-9]+)$/.test(path);
}

/**
 * Reads what was read.
 *
 * @param path Where it is from.
 * @param bytes All of it, or more than `kind.maxBytes`.
 * @param kind What it must be.
 * @returns What `kind.parse()` returned.
 * @throws {ChatError} If it is something else.
 */
export async function parseSecret<T>(
  path: string | Wording,
  bytes: Uint8Array,
  kind: SecretKind<T>,
): Promise<T> {
  const { cannotLoad, invalid, hint, maxBytes } = kind;
  try {
    if (bytes.length > maxBytes) throw new RangeError(`Longer than ${maxBytes} bytes`);
    return await kind.parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    const reason = worded(isBlank(bytes) ? "{path} is empty" : invalid, { path });
    const spoiled = await findSpoiling(bytes, (text) => isParsed(text, kind), UTF16_HINT);
    throw new ChatError(worded(cannotLoad, { reason }), { cause, hint: spoiled ?? hint });
  }
}

async function isParsed<T>(text: string, kind: SecretKind<T>): Promise<boolean> {
  try {
    await kind.parse(text);
    return true;
  } catch {
    return false; // Why does not matter: it is a guess.
  }
}

/** Gives another process, which has just taken the name, time for the text; see `takeName()`. */
async function awaitText(path: string): Promise<void> {
  for (let waitedMs = 0; waitedMs < NEW_FILE_WAIT_MS; waitedMs += NEW_FILE_CHECK_MS) {
    const info = await Deno.stat(path).catch(() => undefined);
    const ageMs = Date.now() - (info?.mtime?.getTime() ?? 0);
    if (!info?.isFile || info.size > 0 || ageMs < 0 || ageMs > NEW_FILE_WAIT_MS) return;
    await new Promise((resolve) => setTimeout(resolve, NEW_FILE_CHECK_MS));
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
