/**
 * A file that comes in parts. It has its name when it is whole and its hash is right, and not before.
 *
 * What has come lies beside it, in `<name>.<hash>.part`. A small file of that name and `.json` says
 * what it is to be, and how much of it is on disk for sure. So it goes on where it was, whoever is
 * killed.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";
import { writeAll } from "../bytes/write_all.ts";
import { Sha256 } from "../crypto/sha256.ts";
import { parseBase64Url } from "../bytes/base64url.ts";
import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { numberFileName, safeFileName } from "../text/file_name.ts";
import { explainWriteFailure } from "./file_failure.ts";
import { MAX_SIDE_FILE_BYTES, SIDE_FILE_BYTES, SIDE_FILE_MS } from "./limits.ts";
import { makePrivateDirectory, removeLeftovers, replacePrivateFile } from "./private_file.ts";
import { readBounded } from "./spoiled_text.ts";
import { syncDirectory, takeName } from "./synced_file.ts";

/** The mode of a file that was taken: it is its owner's, and no program. */
const TAKEN_MODE = 0o600;
/** Files of one name in a directory. */
const MAX_SAME_NAMES = 1000;
/** Bytes of what has come that are read at once. */
const PART_READ_BYTES = MIB;

/** What a file is to be. */
export interface WantedFile {
  /** Its name, as somebody else chose it. */
  readonly name: string;
  readonly size: number;
  /** Its SHA-256, in base64url. */
  readonly hash: string;
}

/** The part of a file that has come. */
export class PartFile implements AsyncDisposable {
  /** Bytes that have come. */
  length = 0;
  readonly #wanted: WantedFile;
  readonly #directory: string;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #hash = new Sha256();
  readonly #now: () => number;
  #noted = 0;
  #notedAt: number;
  /** The note that is under way. */
  #noting: Promise<void> | undefined;
  #isClosed = false;

  private constructor(
    wanted: WantedFile,
    directory: string,
    path: string,
    file: Deno.FsFile,
    now: () => number,
  ) {
    this.#wanted = wanted;
    this.#directory = directory;
    this.#path = path;
    this.#file = file;
    this.#now = now;
    this.#notedAt = now();
  }

  /**
   * Opens what has come of a file, or begins it.
   *
   * @param wanted What it is to be.
   * @param directory Where; it is made if it is missing.
   * @param step It goes on at a multiple of so many bytes.
   * @param now A clock in ms that never runs back.
   * @throws {ChatError} If it cannot be written, something else is in its place, or another client
   * writes it.
   */
  static async open(
    wanted: WantedFile,
    directory: string,
    step: number,
    now: () => number = () => performance.now(),
  ): Promise<PartFile> {
    const hash = parseBase64Url(wanted.hash, 32)!.toHex().slice(0, 16);
    const path = `${directory}/${safeFileName(wanted.name)}.${hash}.part`;
    try {
      await makePrivateDirectory(directory);
      await removeLeftovers(sideOf(path));
      const verified = await readSide(path, wanted);
      const file = await openPart(path, verified !== undefined);
      const part = new PartFile(wanted, directory, path, file, now);
      try {
        await part.#restore(verified ?? 0, step);
        return part;
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      throw explain(path, error);
    }
  }

  /**
   * Adds what comes next.
   *
   * @throws {ChatError} If it cannot be written. What came before stays.
   */
  async add(bytes: Uint8Array): Promise<void> {
    try {
      await writeAll(this.#file, bytes);
      this.#hash.add(bytes);
      this.length += bytes.length;
      const isDue = this.length - this.#noted >= SIDE_FILE_BYTES ||
        this.#now() - this.#notedAt >= SIDE_FILE_MS;
      // What comes next need not wait for the disk. What cannot be noted counts less the next time.
      if (isDue) this.#noting ??= this.#note().finally(() => this.#noting = undefined);
      this.#noting?.catch(() => {});
    } catch (error) {
      throw explain(this.#path, error);
    }
  }

  /**
   * Ends it: the file gets its name, or one with a number if that is taken.
   *
   * @returns The path of the whole file.
   * @throws {ChatError} If it is not what it was to be: it then begins anew, the next time. Or if it
   * cannot be written.
   */
  async finish(): Promise<string> {
    const { name, size, hash } = this.#wanted;
    try {
      await this.#noting;
      if (this.length !== size || this.#hash.finish() !== hash) {
        await writeSide(this.#path, this.#wanted, 0);
        this.#close();
        throw new ChatError(worded("what came is not the file that was offered: wrong hash"), {
          hint: worded("It stays in {path}, and begins anew if you take it again.", {
            path: this.#path,
          }),
        });
      }
      await this.#file.sync();
      this.#close();
      const path = await this.#takeFreeName(safeFileName(name));
      await this.#remove();
      await syncDirectory(this.#directory);
      return path;
    } catch (error) {
      throw explain(this.#path, error);
    }
  }

  /** Closes it. What has come stays, and is noted. Where nothing has, nothing stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    await this.#noting?.catch(() => {});
    if (this.length === 0) {
      this.#close();
      return await this.#remove();
    }
    // Where it cannot be noted, less of it counts the next time.
    if (this.length > this.#noted) await this.#note().catch(() => {});
    this.#close();
  }

  async #remove(): Promise<void> {
    for (const path of [sideOf(this.#path), this.#path]) await Deno.remove(path).catch(() => {});
  }

  async #restore(verified: number, step: number): Promise<void> {
    const { size } = await this.#file.stat();
    // The last step comes again: with it comes the word that the file ends there.
    const most = Math.min(verified, size, Math.max(0, this.#wanted.size - 1));
    const kept = Math.floor(most / step) * step;
    await this.#file.truncate(kept);
    const buffer = new Uint8Array(PART_READ_BYTES);
    while (this.length < kept) {
      const count = await this.#file.read(buffer);
      if (count === null) break;
      this.#hash.add(buffer.subarray(0, count));
      this.length += count;
    }
    this.#noted = this.length;
    await writeSide(this.#path, this.#wanted, this.length);
  }

  /** Notes what has come, once it is on disk. */
  async #note(): Promise<void> {
    const { length } = this;
    this.#noted = length;
    this.#notedAt = this.#now();
    await this.#file.syncData();
    await writeSide(this.#path, this.#wanted, length);
  }

  async #takeFreeName(name: string): Promise<string> {
    for (let number = 1; number <= MAX_SAME_NAMES; number++) {
      const path = `${this.#directory}/${number === 1 ? name : numberFileName(name, number)}`;
      if (await takeName(this.#path, path)) return path;
    }
    throw new ChatError(worded("too many files are called {name}", { name }));
  }

  #close(): void {
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
  }
}

/** Opens the part, which is made unless it is known. Never through a link. */
async function openPart(path: string, isKnown: boolean): Promise<Deno.FsFile> {
  const options = { read: true, write: true };
  if (!isKnown) {
    try {
      return await locked(
        await Deno.open(path, { ...options, createNew: true, mode: TAKEN_MODE }),
      );
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
      throw new ChatError(worded("{path} is in the way", { path }), {
        hint: worded("Remove it, or choose another directory with {option}.", {
          option: "--dir DIR",
        }),
      });
    }
  }
  const file = await Deno.open(path, options);
  const [opened, named] = await Promise.all([file.stat(), Deno.lstat(path)]);
  if (named.isFile && opened.ino === named.ino && opened.dev === named.dev) return locked(file);
  file.close();
  throw new ChatError(worded("{path} is not a file", { path }));
}

/** Keeps other clients of the user off. Older runtimes have no lock that does not wait. */
async function locked(file: Deno.FsFile): Promise<Deno.FsFile> {
  if (!("tryLock" in file) || await file.tryLock(true)) return file;
  file.close();
  throw new ChatError(worded("another client takes this file"));
}

function sideOf(path: string): string {
  return `${path}.json`;
}

async function writeSide(path: string, wanted: WantedFile, verified: number): Promise<void> {
  const { name, size, hash } = wanted;
  await replacePrivateFile(sideOf(path), `${JSON.stringify({ name, size, hash, verified })}\n`);
}

/** How much is on disk for sure, in bytes; undefined if something else, or nothing, is there. */
async function readSide(path: string, wanted: WantedFile): Promise<number | undefined> {
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

function explain(path: string, error: unknown): unknown {
  if (error instanceof ChatError) return error;
  const { reason, hint }: { reason: Wording; hint: Wording } = explainWriteFailure(
    path,
    error,
    "--dir DIR",
  );
  return new ChatError(reason, { cause: error, hint });
}
