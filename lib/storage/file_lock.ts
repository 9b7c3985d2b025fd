/**
 * A lock between processes of one user, with a bound on the wait.
 *
 * @module
 */

/** How a lock file is made: it holds nothing, and is not for others to lock. */
const OPEN: Deno.OpenOptions = { read: true, write: true, create: true, mode: 0o600 };

/**
 * A lock by the name of a file. The system releases it when its holder ends, however it ends.
 *
 * The file is never removed: those who wait would hold a lock on a file that nobody finds.
 */
export class FileLock {
  readonly #path: string;
  /** A wait that was given up. It cannot be taken back, so no second one is begun beside it. */
  #abandoned: Promise<void> | undefined;

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
    const { promise: late, resolve } = Promise.withResolvers<"late">();
    const timer = setTimeout(resolve, waitMs, "late");
    try {
      if (await Promise.race([this.#abandoned, late]) === "late") throw this.#timedOut();
      return await this.#acquire(late);
    } finally {
      clearTimeout(timer);
    }
  }

  async #acquire(late: Promise<"late">): Promise<Disposable> {
    const file = await Deno.open(this.#path, OPEN);
    // `tryLock()` would do without a wait that cannot be taken back; Deno 2.6 does not have it.
    const locked = file.lock(true).catch((error: unknown) => {
      file.close();
      throw error;
    });
    if (await Promise.race([locked, late]) !== "late") return file;
    // Closing gives back a lock that comes later; a failure has closed the file already.
    this.#abandoned = locked.then(() => file.close()).catch(() => {}).finally(() => {
      this.#abandoned = undefined;
    });
    throw this.#timedOut();
  }

  #timedOut(): Error {
    return new Deno.errors.TimedOut(`Cannot lock ${this.#path}: another program holds it`);
  }
}
