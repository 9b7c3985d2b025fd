/**
 * What a user typed, kept from one run to the next if the user wants that.
 *
 * @module
 */

import { writeAll } from "../bytes/write_all.ts";
import { ChatError, reasonOf } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { FileLock } from "./file_lock.ts";
import { MAX_HISTORY_ENTRIES, MAX_HISTORY_FILE_BYTES, STATE_LOCK_WAIT_MS } from "./limits.ts";
import {
  checkStateFile,
  directoryOf,
  makePrivateDirectory,
  replacePrivateFile,
  type Warn,
} from "./private_file.ts";

/** The byte at the end of a line. */
const LF = 0x0a;
const OPEN: Deno.OpenOptions = { read: true, append: true, create: true, mode: 0o600 };

/** A history file, as {@linkcode HistoryFile.open} has read it. */
export interface OpenHistory {
  /** Where lines are added. */
  readonly file: HistoryFile;
  /** The last 1,000 lines that can be understood, the oldest first. */
  readonly entries: readonly string[];
}

/**
 * Lines of one JSON string each, which several clients add to at once.
 *
 * A line is added when it is entered, so that no end of the program loses it. Nothing is written to
 * a file that was not read. Once the file is full, at 4 MiB, its older half goes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * const path = `${directory}/history`;
 * const { file } = await HistoryFile.open(path, console.error);
 * file.add("two\nlines");
 * await file.close();
 * assert.deepEqual((await HistoryFile.open(path, console.error)).entries, ["two\nlines"]);
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export class HistoryFile {
  readonly #path: string;
  readonly #warn: Warn;
  readonly #lock: FileLock;
  readonly #isUsable: boolean;
  /** Lines that are not in the file yet. */
  #waiting: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  private constructor(path: string, warn: Warn, isUsable: boolean) {
    this.#path = path;
    this.#warn = warn;
    this.#lock = new FileLock(`${path}.lock`);
    this.#isUsable = isUsable;
  }

  /**
   * Reads a history file.
   *
   * @param path The file; it need not exist.
   * @param warn Told of a file that cannot be read or written, and of one that others could read.
   */
  static async open(path: string, warn: Warn): Promise<OpenHistory> {
    try {
      const lines = await readLines(path, warn);
      const entries = lines.flatMap(parseLine).slice(-MAX_HISTORY_ENTRIES);
      return { file: new HistoryFile(path, warn, true), entries };
    } catch (error) {
      warn(worded("Cannot read {path}: {reason}", { path, reason: reasonOf(error) }));
      return { file: new HistoryFile(path, warn, false), entries: [] };
    }
  }

  /** Adds a line. Of those that cannot be written, the last 1,000 are tried again. */
  add(text: string): void {
    if (!this.#isUsable) return;
    this.#waiting.push(JSON.stringify(text) + "\n");
    if (this.#waiting.length > MAX_HISTORY_ENTRIES) this.#waiting.shift();
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Waits until all lines are written, or tells why they are not. */
  async close(): Promise<void> {
    await this.#writing;
    this.#hasFailed = false;
    await this.#write();
  }

  /** It never rejects: a failure is told, once for many lines. */
  async #write(): Promise<void> {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    const path = this.#path;
    try {
      await makePrivateDirectory(directoryOf(path));
      using _held = await this.#lock.acquire(STATE_LOCK_WAIT_MS);
      await append(path, lines.join(""));
      this.#hasFailed = false;
    } catch (error) {
      this.#waiting = [...lines, ...this.#waiting].slice(-MAX_HISTORY_ENTRIES);
      if (!this.#hasFailed) {
        this.#warn(worded("cannot save {path}: {reason}", { path, reason: reasonOf(error) }));
      }
      this.#hasFailed = true;
    }
  }
}

async function readLines(path: string, warn: Warn): Promise<string[]> {
  const info = await Deno.stat(path).catch(ignoreNotFound);
  if (!info) return [];
  if (!info.isFile) throw new ChatError(worded("it is not a file"));
  if (info.size > MAX_HISTORY_FILE_BYTES) {
    throw new ChatError(worded("longer than {most} bytes", { most: MAX_HISTORY_FILE_BYTES }));
  }
  await checkStateFile(path, info, warn, "Cannot load history: {reason}");
  return (await Deno.readTextFile(path)).split("\n");
}

/** Adds lines to a file that the caller has locked. */
async function append(path: string, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  using file = await Deno.open(path, OPEN);
  const { size, isFile } = await file.stat();
  if (!isFile) throw new ChatError(worded("it is not a file"));
  if (size + bytes.length > MAX_HISTORY_FILE_BYTES) {
    const kept = keepNewest(await Deno.readTextFile(path) + "\n" + text);
    return await replacePrivateFile(await Deno.realPath(path), kept);
  }
  // A write that a full disk cut short has left a line without its end.
  const last = new Uint8Array(1);
  if (size > 0) await file.seek(-1, Deno.SeekMode.End);
  const isCut = await file.read(last) === 1 && last[0] !== LF;
  await writeAll(file, isCut ? new TextEncoder().encode("\n" + text) : bytes);
}

/** The newest lines, as they are, up to the most entries and half of the most bytes. */
function keepNewest(text: string): string {
  const lines: string[] = [];
  let bytes = 0;
  for (const line of text.split("\n").filter((line) => line !== "").reverse()) {
    bytes += new TextEncoder().encode(line).length + 1;
    if (lines.length === MAX_HISTORY_ENTRIES || bytes > MAX_HISTORY_FILE_BYTES / 2) break;
    lines.push(line + "\n");
  }
  return lines.reverse().join("");
}

function parseLine(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "string" && entry !== "" ? [entry] : [];
  } catch {
    return [];
  }
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
