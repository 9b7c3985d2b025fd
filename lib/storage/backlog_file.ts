/**
 * The relay's backlog on disk, for a server that starts again.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The backlog file"
 */

import { writeAll } from "../bytes/write_all.ts";
import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import {
  type BacklogContent,
  type BacklogRecord,
  formatHead,
  formatRecords,
  formatSlot,
  HEAD_BYTES,
  parseBacklog,
  placeOfSlot,
  type Slot,
} from "./backlog_format.ts";
import { explainWriteFailure } from "./file_failure.ts";
import { lockFile } from "./file_lock.ts";
import { BACKLOG_LOCK_WAIT_MS, MAX_BACKLOG_FILE_BYTES } from "./limits.ts";
import { keepPrivate, type Warn } from "./private_file.ts";

const OPEN: Deno.OpenOptions = { read: true, write: true, create: true, mode: 0o600 };
const OPTION = "--backlog-file PATH";

/**
 * A file of records, in one piece that is appended to. It is open and locked until it is disposed
 * of, and needs no permission meanwhile.
 *
 * A process that is killed at any moment leaves what was appended, and what the last `rewrite()` that
 * was done has left. A record that was cut off does not count. Calls must not overlap.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const path = await Deno.makeTempFile();
 * const bytes = new TextEncoder().encode(`${"gAAAAA".padEnd(140, "A")}\n`);
 * const record = { time: 1785571200000, peerClass: "member", lines: 1, bytes } as const;
 * {
 *   await using file = await BacklogFile.open(path, console.error);
 *   await file.claim("00".repeat(16));
 *   await file.append([record]);
 * }
 * await using again = await BacklogFile.open(path, console.error);
 * assert.deepEqual(again.records, [record]);
 * await Deno.remove(path);
 * ```
 */
export class BacklogFile implements AsyncDisposable {
  /** What the file held when it was opened, in the order in which it was appended. */
  readonly records: readonly BacklogRecord[];
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #roomId: string | undefined;
  #slot: Slot;
  #end: number;

  private constructor(path: string, file: Deno.FsFile, content: BacklogContent) {
    this.#path = path;
    this.#file = file;
    this.#roomId = content.roomId;
    this.#slot = content.slot;
    this.#end = content.end;
    this.records = content.records;
  }

  /**
   * Opens a file, or makes one of mode 0600.
   *
   * @param path The file. Its directory must exist.
   * @param warn Told of a file that others could read, and that is now private.
   * @throws {ChatError} If the file cannot be used, another process has it, or it is something else.
   */
  static async open(path: string, warn: Warn): Promise<BacklogFile> {
    try {
      const before = await Deno.stat(path).catch(ignoreNotFound);
      if (before && !before.isFile) throw refuse(worded("{path} is not a file", { path }));
      const file = await Deno.open(path, OPEN);
      if (!await lockFile(file, BACKLOG_LOCK_WAIT_MS)) {
        throw refuse(worded("another server uses {path}", { path }), ELSEWHERE);
      }
      using stack = new DisposableStack();
      stack.use(file);
      const content = parseBacklog(await readFrom(file));
      if (!content) throw refuse(worded("{path} holds something else", { path }), ELSEWHERE);
      await keepPrivate(path, (await file.stat()).mode, warn, "Cannot load backlog: {reason}");
      stack.move();
      return new BacklogFile(path, file, content);
    } catch (cause) {
      if (cause instanceof ChatError) throw cause;
      const { reason, hint } = explainWriteFailure(path, cause, OPTION);
      throw refuse(reason, hint, cause);
    }
  }

  /** Bytes of the records in the file. */
  get bytes(): number {
    return this.#end - this.#slot.start;
  }

  /**
   * Makes a new file one of a room.
   *
   * @param roomId The room's id, 32 digits of hex.
   * @throws {ChatError} If the file is another room's, or cannot be written.
   */
  async claim(roomId: string): Promise<void> {
    if (this.#roomId === roomId) return;
    const path = this.#path;
    if (this.#roomId !== undefined) {
      throw refuse(
        worded("{path} is of a room with another key", { path }),
        worded("Move it away, or choose another file with {option}.", { option: OPTION }),
      );
    }
    try {
      await this.#write(formatHead(roomId), 0);
    } catch (cause) {
      const { reason, hint } = explainWriteFailure(path, cause, OPTION);
      throw refuse(reason, hint, cause);
    }
  }

  /**
   * Adds records. After a failure the file has those before them, and call `rewrite()` next.
   *
   * @throws {Error} If they cannot be written, as on a full disk.
   */
  async append(records: readonly BacklogRecord[]): Promise<void> {
    const bytes = formatRecords(records, this.#slot, this.#end);
    await this.#write(bytes, this.#end);
    this.#end += bytes.length;
  }

  /**
   * Puts records in the place of all that the file has, and returns when they are on disk.
   *
   * @throws {Error} If they cannot be written. The file then has either what it had, or the records.
   */
  async rewrite(records: readonly BacklogRecord[]): Promise<void> {
    const { length } = formatRecords(records, this.#slot, 0);
    // What counts now is not written over: where there is no room before it, the records are copied
    // behind it first.
    const behind = Math.max(this.#end, HEAD_BYTES + length);
    if (HEAD_BYTES + length > this.#slot.start) await this.#move(records, behind);
    await this.#move(records, HEAD_BYTES);
    await this.#file.truncate(this.#end);
  }

  /** Closes the file when it is on disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.syncData().catch(() => {});
    this.#file.close();
  }

  async #move(records: readonly BacklogRecord[], start: number): Promise<void> {
    const slot = { generation: this.#slot.generation + 1, start };
    const bytes = formatRecords(records, slot, start);
    await this.#write(bytes, start);
    await this.#file.syncData();
    await this.#write(formatSlot(slot), placeOfSlot(slot));
    this.#slot = slot;
    this.#end = start + bytes.length;
    await this.#file.syncData();
  }

  async #write(bytes: Uint8Array, offset: number): Promise<void> {
    await this.#file.seek(offset, Deno.SeekMode.Start);
    await writeAll(this.#file, bytes);
  }
}

const ELSEWHERE = worded("Choose another file with {option}.", { option: OPTION });

async function readFrom(file: Deno.FsFile): Promise<Uint8Array> {
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.min(size, MAX_BACKLOG_FILE_BYTES));
  let length = 0;
  while (length < bytes.length) {
    const read = await file.read(bytes.subarray(length));
    if (read === null) break;
    length += read;
  }
  return bytes.subarray(0, length);
}

function refuse(reason: Wording, hint?: Wording, cause?: unknown): ChatError {
  return new ChatError(worded("Cannot load backlog: {reason}", { reason }), { hint, cause });
}

function ignoreNotFound(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
