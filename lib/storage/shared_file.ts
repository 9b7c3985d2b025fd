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
  directoryOf,
  keepPrivate,
  makePrivateDirectory,
  removeLeftovers,
  replacePrivateFile,
  type Warn,
} from "./private_file.ts";

/** What a file holds, and how what two programs know becomes one. */
export interface SharedFormat<T> {
  /** What is known where there is no file. */
  readonly empty: () => T;
  /** What to go on with where a file is damaged or cannot be read; `empty()` if not given. */
  readonly lost?: () => T;
  /** Reads the whole text; throws on damage. */
  readonly parse: (text: string) => T;
  /** Writes what `parse()` reads. */
  readonly format: (value: T) => string;
  /** Joins two values into a third, and changes neither. */
  readonly merge: (disk: T, mine: T) => T;
}

/** Settings of {@linkcode SharedFile.open}. */
export interface SharedFileOptions {
  /** Longest file that is read or written, in bytes; a longer one counts as damaged. */
  readonly maxBytes: number;
  /** Longest time from `touch()` to the save, in ms. */
  readonly delayMs: number;
  /** Told, once each, that the file was damaged, and that it cannot be read or saved. */
  readonly warn: Warn;
}

/** What was read. */
type Reading<T> = { value: T; text: string } | "missing" | "damaged";

/**
 * The file, and this program's view of it.
 *
 * A save locks the file, joins what is on disk with the view, and replaces the
 * file as a whole. Saves never overlap. What cannot be saved stays in memory.
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
   * This program's view. Change or replace it, then call `touch()` or `save()`. A save puts
   * another object in its place: go through this property after each `await`.
   */
  value: T;
  readonly #path: string | undefined;
  readonly #format: SharedFormat<T>;
  readonly #options: SharedFileOptions;
  readonly #lock: FileLock;
  /** Phrases that were warned with. */
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
   * @param path The file; it and its directory are made by the first save.
   * @param format What it holds.
   * @param options Bounds, and where warnings go.
   * @returns The file. No state of the disk is an error: what is wrong is warned of.
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
   * Makes a view without a file, which ends with the program.
   *
   * @param format What it holds; only `empty()` is called.
   */
  static inMemory<T>(format: SharedFormat<T>): SharedFile<T> {
    return new SharedFile(undefined, format, { maxBytes: 0, delayMs: 0, warn: () => {} });
  }

  /**
   * Saves `delayMs` after the first call at the latest.
   *
   * It does not keep the program from ending: whoever owns the file disposes of it first.
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
   * Saves now, or after the save that is under way; `value` becomes what is then on disk.
   *
   * @returns When it is done; failing is warned of and no error.
   */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#path === undefined) return Promise.resolve();
    this.#isDue = true;
    // The save under way may have read the view already; one that waits has not.
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      return this.#running = this.#save(this.#path!);
    });
    return this.#waiting;
  }

  /** Saves what is due, and waits for the end of saves under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isDue) await this.save();
    clearTimeout(this.#timer);
    await (this.#waiting ?? this.#running);
  }

  async #load(path: string): Promise<void> {
    try {
      const reading = await this.#read(path);
      this.value = this.#valueOf(reading);
      // It is looked at again and moved away under the lock: another program may have done so.
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
      // No wait from here to the text: no change falls in between.
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
      const { isFile, size, mode } = await Deno.stat(path);
      if (!isFile) throw new ChatError(worded("it is not a file"));
      if (size > this.#options.maxBytes) return "damaged";
      const bytes = await Deno.readFile(path);
      await keepPrivate(path, mode, this.#options.warn, "Cannot load file: {reason}");
      return this.#parse(bytes);
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
      return "damaged"; // Why helps nobody: the user is told, and keeps the file.
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
