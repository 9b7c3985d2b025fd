/**
 * A small text file that several programs of one user read and change at once.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { ChatError, reasonOf } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { FileLock } from "./file_lock.ts";
import { STATE_LOCK_WAIT_MS } from "./limits.ts";
import {
  checkStateFile,
  directoryOf,
  makePrivateDirectory,
  removeLeftovers,
  replacePrivateFile,
  type Warn,
} from "./private_file.ts";

/** The format of a file, and how the values of two programs are joined. */
export interface SharedFormat<T> {
  /** The value if there is no file. */
  readonly empty: () => T;
  /** The value if the file is damaged or cannot be read. The default is `empty()`. */
  readonly lost?: () => T;
  /** Reads the whole text. Throws if it is damaged. */
  readonly parse: (text: string) => T;
  /** Writes what `parse()` reads. */
  readonly format: (value: T) => string;
  /** Joins two values into a third, and changes neither of them. */
  readonly merge: (disk: T, mine: T) => T;
}

/** Settings of {@linkcode SharedFile.open}. */
export interface SharedFileOptions {
  /** Longest file, in bytes. A longer one on disk counts as damaged. */
  readonly maxBytes: number;
  /** Longest time from `touch()` to the save, in ms. */
  readonly delayMs: number;
  /** Told of a file that was damaged, cannot be read or cannot be saved. Each is told once. */
  readonly warn: Warn;
}

/** What a reading of the file found. */
type Reading<T> = { value: T; text: string } | "missing" | "damaged";

/**
 * The file, and this program's value of it.
 *
 * A save locks the file, joins the value on disk with this program's, and replaces the file as a
 * whole. Saves never overlap. If a save fails, the value stays in memory.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const words: SharedFormat<Set<string>> = {
 *   empty: () => new Set(),
 *   parse: (text) => new Set(text.split("\n")),
 *   format: (value) => [...value].join("\n"),
 *   merge: (disk, mine) => disk.union(mine),
 * };
 * const directory = await Deno.makeTempDir();
 * const options = { maxBytes: 1000, delayMs: 1000, warn: console.error };
 * {
 *   await using file = await SharedFile.open(`${directory}/words`, words, options);
 *   file.value.add("xyzzy");
 *   file.touch();
 * }
 * await using again = await SharedFile.open(`${directory}/words`, words, options);
 * assert.ok(again.value.has("xyzzy"));
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export class SharedFile<T> implements AsyncDisposable {
  /**
   * This program's value. Change or replace it, then call `touch()` or `save()`. A save puts another
   * object in its place: read this property again after each `await`.
   */
  value: T;
  readonly #path: string | undefined;
  readonly #format: SharedFormat<T>;
  readonly #options: SharedFileOptions;
  readonly #lock: FileLock;
  /** Phrases of the warnings that were given. */
  readonly #warned = new Set<string>();
  #isDue = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  private constructor(
    path: string | undefined,
    format: SharedFormat<T>,
    options: SharedFileOptions,
  ) {
    this.value = format.empty();
    this.#path = path;
    this.#format = format;
    this.#options = options;
    this.#lock = new FileLock(`${path}.lock`);
  }

  /**
   * Reads a file. A damaged one is moved to `<path>.damaged`, in place of an older one there.
   *
   * @param path The file. The first save makes it and its directory.
   * @param format The file's format.
   * @param options Bounds, and the function for warnings.
   * @returns The file. Nothing on the disk is an error: what is wrong is warned of.
   */
  static async open<T>(
    path: string,
    format: SharedFormat<T>,
    options: SharedFileOptions,
  ): Promise<SharedFile<T>> {
    const file = new SharedFile(path, format, options);
    await file.#load(path);
    return file;
  }

  /**
   * Makes a value without a file. It ends with the program.
   *
   * @param format Only its `empty()` is called.
   */
  static inMemory<T>(format: SharedFormat<T>): SharedFile<T> {
    return new SharedFile(undefined, format, { maxBytes: 0, delayMs: 0, warn: () => {} });
  }

  /**
   * Saves within `delayMs`.
   *
   * A save that is due does not keep the program running. The owner has to dispose of the file.
   */
  touch(): void {
    if (this.#path === undefined) return;
    this.#isDue = true;
    if (this.#timer !== undefined) return;
    const timer = setTimeout(() => this.save(), this.#options.delayMs);
    Deno.unrefTimer(timer);
    this.#timer = timer;
  }

  /**
   * Saves now, or after the save that is under way. `value` is then what is on disk.
   *
   * @returns When the save is done. A failure is warned of, and is no error.
   */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#path === undefined) return Promise.resolve();
    this.#isDue = true;
    // The save under way may have read the value already. A save that waits has not.
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      return this.#running = this.#save(this.#path!);
    });
    return this.#waiting;
  }

  /** Saves what is not saved yet, and waits until all saves are done. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDue) await this.save();
    clearTimeout(this.#timer);
    await (this.#waiting ?? this.#running);
  }

  async #load(path: string): Promise<void> {
    try {
      const reading = await this.#read(path);
      this.value = this.#valueOf(reading);
      // save() reads the file again under the lock: another program may have moved it already.
      if (reading === "damaged") await this.save();
      await removeLeftovers(path);
    } catch (error) {
      this.value = this.#valueOf("damaged");
      const values = { path, reason: reasonOf(error) };
      this.#warnOnce(worded("cannot read {path}, starting without it: {reason}", values));
    }
  }

  async #save(path: string): Promise<void> {
    try {
      await makePrivateDirectory(directoryOf(path));
      using _held = await this.#lock.acquire(STATE_LOCK_WAIT_MS);
      const reading = await this.#read(path);
      if (reading === "damaged") {
        await Deno.rename(path, `${path}.damaged`);
        const values = { path, moved: `${path}.damaged` };
        this.#warnOnce(worded("{path} was damaged: starting anew, it is now {moved}", values));
      }
      // There is no await from here to the text, so that no change gets lost in between.
      this.value = this.#format.merge(this.#valueOf(reading), this.value);
      this.#isDue = false;
      const text = this.#format.format(this.value);
      if (typeof reading === "object" && reading.text === text) return;
      assertFits(text, this.#options.maxBytes);
      await replacePrivateFile(path, text);
    } catch (error) {
      this.#isDue = true;
      const values = { path, reason: reasonOf(error) };
      this.#warnOnce(worded("cannot save {path}, only kept until the end: {reason}", values));
    }
  }

  async #read(path: string): Promise<Reading<T>> {
    try {
      const info = await Deno.stat(path);
      if (!info.isFile) throw new ChatError(worded("it is not a file"));
      if (info.size > this.#options.maxBytes) return "damaged";
      const warn = (warning: Wording) => this.#warnOnce(warning);
      await checkStateFile(path, info, warn, "Cannot load file: {reason}");
      return this.#parse(await Deno.readFile(path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "missing";
      throw error;
    }
  }

  #parse(bytes: Uint8Array): Reading<T> {
    try {
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      return { value: this.#format.parse(text), text };
    } catch {
      return "damaged"; // The error is dropped: the user is told of the damage, and keeps the file.
    }
  }

  #valueOf(reading: Reading<T>): T {
    if (typeof reading === "object") return reading.value;
    const { empty, lost = empty } = this.#format;
    return reading === "damaged" ? lost() : empty();
  }

  #warnOnce(warning: Wording): void {
    if (this.#warned.has(warning.phrase)) return;
    this.#warned.add(warning.phrase);
    this.#options.warn(warning);
  }
}

function assertFits(text: string, maxBytes: number): void {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxBytes) return;
  throw new ChatError(
    worded("it would have {bytes} bytes, over {most}", { bytes, most: maxBytes }),
  );
}
