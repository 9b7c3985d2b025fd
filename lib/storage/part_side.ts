/**
 * The part of a file that comes, on disk, and the small file beside it.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { lockFile } from "./file_lock.ts";
import { MAX_SIDE_FILE_BYTES, PART_LOCK_WAIT_MS } from "./limits.ts";
import { replacePrivateFile } from "./private_file.ts";
import { readBounded } from "./spoiled_text.ts";

/** The mode of a file that was taken: it is its owner's, and no program. */
const TAKEN_MODE = 0o600;
/** What a file is to be. */
export interface WantedFile {
  /** Its name, as somebody else chose it. */
  readonly name: string;
  readonly size: number;
  /** Its SHA-256, in base64url. */
  readonly hash: string;
}

/** Opens the part, which is made unless it is known. Never through a link. */
export async function openPart(path: string, isKnown: boolean): Promise<Deno.FsFile> {
  const options = { read: true, write: true };
  if (!isKnown) {
    try {
      const made = await Deno.open(path, { ...options, createNew: true, mode: TAKEN_MODE });
      return await locked(made, path);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw new ChatError(worded("{path} is in the way", { path }), {
        hint: worded("Remove it, or choose another directory with {option}.", {
          option: "--dir DIR",
        }),
      });
    }
  }
  return await locked(await Deno.open(path, options), path);
}

/** Keeps other clients of the user off. */
async function locked(file: Deno.FsFile, path: string): Promise<Deno.FsFile> {
  if (!await lockFile(file, PART_LOCK_WAIT_MS)) throw takenByAnother();
  // Whoever had it may have ended it meanwhile: it is then the whole file.
  const [opened, named] = await Promise.all([file.stat(), Deno.lstat(path).catch(() => undefined)]);
  if (named?.isFile && opened.ino === named.ino && opened.dev === named.dev) return file;
  file.close();
  if (!named) throw takenByAnother();
  throw new ChatError(worded("{path} is not a file", { path }));
}

function takenByAnother(): ChatError {
  return new ChatError(worded("another client takes this file"));
}

/** The path of the file beside a part. */
export function sideOf(path: string): string {
  return `${path}.json`;
}

/** Notes what a part is to be, and how much of it is on disk for sure, in bytes. */
export async function writeSide(path: string, wanted: WantedFile, verified: number): Promise<void> {
  const { name, size, hash } = wanted;
  await replacePrivateFile(sideOf(path), `${JSON.stringify({ name, size, hash, verified })}\n`);
}

/** How much is on disk for sure, in bytes; undefined if something else, or nothing, is there. */
export async function readSide(path: string, wanted: WantedFile): Promise<number | undefined> {
  try {
    const part = await Deno.lstat(path);
    if (!part.isFile) return undefined;
    // A client was killed when it had made it.
    if (part.size === 0) return 0;
    const bytes = await readBounded(sideOf(path), MAX_SIDE_FILE_BYTES);
    const { size, hash, verified } = JSON.parse(new TextDecoder().decode(bytes));
    const isIt = size === wanted.size && hash === wanted.hash && Number.isSafeInteger(verified);
    return isIt && verified >= 0 ? verified : undefined;
  } catch {
    // There is none, or it is spoiled.
    return undefined;
  }
}
