/**
 * A file that is sent: it is read when it is offered, and again for each taker. It must not change.
 *
 * @module
 */

import { KIB } from "../bytes/units.ts";
import { Sha256 } from "../crypto/sha256.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { explainReadFailure } from "./file_failure.ts";

/** Bytes of a file that are read at once. */
const FILE_READ_BYTES = 256 * KIB;

/** What tells that a file is still the same one. */
interface Mark {
  readonly size: number;
  readonly changedAt: number | undefined;
  readonly inode: number | null;
}

/** A file cannot be sent. */
export class SourceError extends ChatError {
  override readonly name: string = "SourceError";
}

/** The file is not the one any more that was offered. */
export class SourceChangedError extends SourceError {
  override readonly name = "SourceChangedError";
  /** @param path The file. */
  constructor(path: string) {
    super(worded("{path} has changed since it was offered", { path }), {
      hint: worded("Offer it again."),
    });
  }
}

/** A file, as it was when it was offered. */
export class SourceFile {
  readonly path: string;
  /** Bytes of it. */
  readonly size: number;
  /** Its SHA-256, in base64url. */
  readonly hash: string;
  readonly #mark: Mark;

  private constructor(path: string, mark: Mark, hash: string) {
    this.path = path;
    this.size = mark.size;
    this.hash = hash;
    this.#mark = mark;
  }

  /** The last part of its path. */
  get name(): string {
    return this.path.split(Deno.build.os === "windows" ? /[/\\]/ : /\//).at(-1)!;
  }

  /**
   * Reads a file, to know its hash.
   *
   * @param path The file.
   * @param signal Stops it.
   * @throws {SourceError} If it is no file, cannot be read, or changes meanwhile.
   * @throws {unknown} The reason of `signal`.
   */
  static async open(path: string, signal?: AbortSignal): Promise<SourceFile> {
    try {
      const mark = await markOf(path);
      if (!mark) throw new SourceError(worded("{path} is not a file", { path }));
      const hash = new Sha256();
      let size = 0;
      using file = await Deno.open(path);
      for await (const bytes of readPieces(file)) {
        signal?.throwIfAborted();
        hash.add(bytes);
        size += bytes.length;
      }
      const source = new SourceFile(path, mark, hash.finish());
      if (size !== mark.size) throw new SourceChangedError(path);
      await source.check();
      return source;
    } catch (error) {
      throw explain(path, error, signal);
    }
  }

  /**
   * Looks whether the file is the same as before.
   *
   * @throws {SourceChangedError} If it is not, or is gone.
   */
  async check(): Promise<void> {
    const mark = await markOf(this.path).catch(() => undefined);
    const { size, changedAt, inode } = this.#mark;
    const isSame = mark?.size === size && mark.changedAt === changedAt && mark.inode === inode;
    if (!isSame) throw new SourceChangedError(this.path);
  }

  /**
   * Reads the file.
   *
   * @param from Where to begin, in bytes.
   * @param pieceBytes Bytes of each piece but the last.
   * @returns The rest of it, in pieces. Each is valid until the next is asked for.
   * @throws {SourceChangedError} If it is not the same any more.
   * @throws {SourceError} If it cannot be read.
   */
  async *read(from: number, pieceBytes: number): AsyncGenerator<Uint8Array> {
    try {
      await this.check();
      using file = await Deno.open(this.path);
      await file.seek(from, Deno.SeekMode.Start);
      const buffer = new Uint8Array(pieceBytes);
      for (let at = from; at < this.size;) {
        const wanted = Math.min(pieceBytes, this.size - at);
        for (let filled = 0; filled < wanted;) {
          const count = await file.read(buffer.subarray(filled, wanted));
          if (count === null) throw new SourceChangedError(this.path);
          filled += count;
        }
        yield buffer.subarray(0, wanted);
        at += wanted;
      }
      await this.check();
    } catch (error) {
      throw explain(this.path, error);
    }
  }
}

async function* readPieces(file: Deno.FsFile): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(FILE_READ_BYTES);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return;
    yield buffer.subarray(0, count);
  }
}

/** Undefined if it is no file. */
async function markOf(path: string): Promise<Mark | undefined> {
  const { isFile, size, mtime, ino } = await Deno.stat(path);
  return isFile ? { size, changedAt: mtime?.getTime(), inode: ino } : undefined;
}

function explain(path: string, error: unknown, signal?: AbortSignal): unknown {
  if (error instanceof ChatError || signal?.aborted) return error;
  if (error instanceof Deno.errors.NotFound) {
    return new SourceError(worded("there is no {path}", { path }), { cause: error });
  }
  return new SourceError(explainReadFailure(path, error, "/send PATH").reason, { cause: error });
}
