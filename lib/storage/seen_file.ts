/**
 * The file of what one client has seen. Nobody else uses it meanwhile, so that lines can be added.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { writeAll } from "../bytes/write_all.ts";
import { ChatError, reasonOf } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { MAX_SEEN_LOG_BYTES, MAX_STATE_FILE_BYTES } from "./limits.ts";
import { keepPrivate, replacePrivateFile, type Warn } from "./private_file.ts";
import { parseSeen, type SeenRecords } from "./seen_format.ts";
import { sync } from "./synced_file.ts";

/** A file that this client holds the lock of. */
export class SeenFile {
  readonly #path: string;
  readonly #warn: Warn;
  /** The size of the file, in bytes, as this client left it; NaN if it has to be written anew. */
  #size = NaN;
  /** The size that it had when it was written as a whole. */
  #wholeSize = 0;

  /**
   * @param path The file. Its directory must exist.
   * @param warn Told of a file that was damaged or cannot be read.
   */
  constructor(path: string, warn: Warn) {
    this.#path = path;
    this.#warn = warn;
  }

  /**
   * Reads the file. A damaged one is moved to `<path>.damaged`, in place of an older one there. What it
   * told is lost, so that all up to now may have been seen.
   *
   * @param now The time, in unix seconds.
   * @returns What it tells; undefined if there is no file.
   */
  async read(now: number): Promise<SeenRecords | undefined> {
    const path = this.#path;
    try {
      const { isFile, size, mode } = await Deno.stat(path);
      if (!isFile) throw new ChatError(worded("it is not a file"));
      await keepPrivate(path, mode, this.#warn, "Cannot load file: {reason}");
      const text = size > MAX_STATE_FILE_BYTES ? "" : await Deno.readTextFile(path);
      const records = tryParse(text);
      if (records) {
        if (!records.isClosed) this.#size = this.#wholeSize = size;
        return records;
      }
      await Deno.rename(path, `${path}.damaged`);
      const values = { path, moved: `${path}.damaged` };
      this.#warn(worded("{path} was damaged: starting anew, it is now {moved}", values));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      const values = { path, reason: reasonOf(error) };
      this.#warn(worded("cannot read {path}, starting without it: {reason}", values));
    }
    const nothing = { windows: new Map(), floors: new Map() };
    return { newestTime: now, floor: now, ...nothing, isClosed: true };
  }

  /**
   * Adds lines.
   *
   * @param lines ASCII. Each has its LF.
   * @returns Whether they are on disk. Otherwise the file has to be replaced: it is too long, or not
   * as this client left it.
   * @throws {Error} If the file cannot be written.
   */
  async append(lines: string): Promise<boolean> {
    const size = this.#size + lines.length;
    // Not so either if there is no size.
    if (!(size <= 1.25 * this.#wholeSize + MAX_SEEN_LOG_BYTES)) return false;
    try {
      using file = await Deno.open(this.#path, { append: true });
      const isAsLeft = (await file.stat()).size === this.#size;
      // A write that fails halfway leaves a file of another size.
      this.#size = NaN;
      if (!isAsLeft) return false;
      await writeAll(file, new TextEncoder().encode(lines));
      await sync(file);
      this.#size = size;
      return true;
    } catch (error) {
      this.#size = NaN;
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
  }

  /**
   * Writes the file as a whole.
   *
   * @param text ASCII.
   * @throws {Error} If it cannot be written. The old file is then untouched.
   */
  async replace(text: string): Promise<void> {
    await replacePrivateFile(this.#path, text);
    this.#size = this.#wholeSize = text.length;
  }
}

function tryParse(text: string): SeenRecords | undefined {
  try {
    return parseSeen(text);
  } catch {
    return undefined; // The user is told of the damage, and keeps the file.
  }
}
