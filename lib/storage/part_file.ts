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
import { SIDE_FILE_BYTES, SIDE_FILE_MS } from "./limits.ts";
import { openPart, readSide, sideOf, type WantedFile, writeSide } from "./part_side.ts";
import { makePrivateDirectory, removeLeftovers } from "./private_file.ts";
import { syncDirectory, takeName } from "./synced_file.ts";

/** Files of one name in a directory. */
const MAX_SAME_NAMES = 1000;
/** Bytes of what has come that are read at once. */
const PART_READ_BYTES = MIB;

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
  /** What is being added, or the end. It may be cancelled meanwhile. */
  #working: Promise<unknown> = Promise.resolve();
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
   * @param step Bytes of a frame: the file goes on where a frame begins.
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
      const isKnown = await readSide(path, wanted) !== undefined;
      const file = await openPart(path, isKnown);
      const part = new PartFile(wanted, directory, path, file, now);
      try {
        // The part is locked, so nobody else writes beside it.
        await removeLeftovers(sideOf(path), true);
        await part.#restore(isKnown ? await readSide(path, wanted) ?? 0 : 0, step);
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
    await (this.#working = this.#add(bytes));
  }

  async #add(bytes: Uint8Array): Promise<void> {
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
    const finishing = this.#finish();
    this.#working = finishing;
    return await finishing;
  }

  async #finish(): Promise<string> {
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
      const path = await this.#takeFreeName(safeFileName(name));
      await this.#remove();
      this.#close();
      await syncDirectory(this.#directory);
      return path;
    } catch (error) {
      throw explain(this.#path, error);
    }
  }

  /** Closes it. What has come stays, and is noted. Where nothing has, nothing stays. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#working.catch(() => {});
    if (this.#isClosed) return;
    await this.#noting?.catch(() => {});
    if (this.length === 0) {
      await this.#remove();
      return this.#close();
    }
    // Where it cannot be noted, less of it counts the next time.
    if (this.length > this.#noted) await this.#note().catch(() => {});
    this.#close();
  }

  /** Comes before the part is closed, which unlocks it: another client would go on with it. */
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

function explain(path: string, error: unknown): unknown {
  if (error instanceof ChatError) return error;
  const { reason, hint }: { reason: Wording; hint: Wording } = explainWriteFailure(
    path,
    error,
    "--dir DIR",
  );
  return new ChatError(reason, { cause: error, hint });
}
