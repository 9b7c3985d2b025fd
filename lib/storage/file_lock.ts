/**
 * A lock between processes of one user, with a bound on the wait.
 *
 * @module
 */

/** How a lock file is made: it holds nothing, and is not for others to lock. */
const OPEN: Deno.OpenOptions = { read: true, write: true, create: true, mode: 0o600 };

/** Longest pause, in ms, before the lock is tried again: locks are held for a few. */
const MAX_PAUSE_MS = 8;

/**
 * A lock by the name of a file. The system releases it when its holder ends, however it ends.
 *
 * The file is never removed: those who wait would hold a lock on a file that nobody finds.
 */
export class FileLock {
  readonly #path: string;

  /** @param path The lock file; its directory must exist when the lock is taken. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes the lock.
   *
   * @param waitMs Longest wait, in ms.
   * @returns What releases it when disposed of.
   * @throws {Deno.errors.TimedOut} If another holds it for so long.
   * @throws {Error} If the file cannot be opened, as `Deno.open()` throws it.
   * @example
   * ```ts
   * import assert from "node:assert/strict";
   * const path = await Deno.makeTempFile();
   * const [lock, other] = [new FileLock(path), new FileLock(path)];
   * {
   *   using _held = await lock.acquire(1000);
   *   await assert.rejects(other.acquire(1), Deno.errors.TimedOut);
   * }
   * using _held = await other.acquire(1000);
   * await Deno.remove(path);
   * ```
   */
  async acquire(waitMs: number): Promise<Disposable> {
    const file = await Deno.open(this.#path, OPEN);
    try {
      const until = performance.now() + waitMs;
      for (
        let pauseMs = 1;
        !await file.tryLock(true);
        pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)
      ) {
        const leftMs = until - performance.now();
        if (leftMs <= 0) {
          throw new Deno.errors.TimedOut(`Cannot lock ${this.#path}: another program holds it`);
        }
        await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, leftMs)));
      }
      return file;
    } catch (error) {
      file.close();
      throw error;
    }
  }
}
