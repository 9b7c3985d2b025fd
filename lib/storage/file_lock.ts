/**
 * A lock between processes of one user, with a bound on the wait.
 *
 * @module
 */

/** A lock file is empty, and only its owner may open it. */
const OPEN: Deno.OpenOptions = { read: true, write: true, create: true, mode: 0o600 };

/** Longest pause before the lock is tried again, in ms: locks are held for a few ms. */
const MAX_PAUSE_MS = 8;

/**
 * A lock on a file. The system releases the lock when its holder's process ends, however it ends.
 *
 * The file is never removed. If it were, a waiting process would get a lock on the removed file, and
 * the next process would make and lock another one.
 */
export class FileLock {
  readonly #path: string;

  /** @param path The lock file. Its directory must exist when the lock is taken. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Takes the lock.
   *
   * @param waitMs Longest wait, in ms.
   * @returns Releases the lock when it is disposed of.
   * @throws {Deno.errors.TimedOut} If another process still holds the lock after `waitMs`.
   * @throws {Error} As `Deno.open()` throws it, if the file cannot be opened.
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
    if (await lockFile(file, waitMs)) return file;
    throw new Deno.errors.TimedOut(`Cannot lock ${this.#path}: another program holds it`);
  }
}

/**
 * Locks an open file for as long as it is open.
 *
 * @param file It is closed if it cannot be locked.
 * @param waitMs Longest wait for another process, in ms.
 * @returns Whether it is locked.
 */
export async function lockFile(file: Deno.FsFile, waitMs: number): Promise<boolean> {
  // The runtime of programs that are compiled without Deno's download server lacks it.
  return await ("tryLock" in file ? tryUntil(file, waitMs) : lockWithin(file, waitMs));
}

/** Tries again and again, so that no wait outlives this one. Closes the file if it fails. */
async function tryUntil(file: Deno.FsFile, waitMs: number): Promise<boolean> {
  const until = performance.now() + waitMs;
  try {
    for (let pauseMs = 1;; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      if (await file.tryLock(true)) return true;
      const leftMs = until - performance.now();
      if (leftMs <= 0) break;
      await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs, leftMs)));
    }
  } catch (error) {
    file.close();
    throw error;
  }
  file.close();
  return false;
}

/** Waits for the lock. One that comes too late is given back at once. */
async function lockWithin(file: Deno.FsFile, waitMs: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), waitMs);
  const taking = file.lock(true).then(() => true);
  const isTaken = await Promise.race([taking, late]).finally(() => clearTimeout(timer));
  if (!isTaken) taking.finally(() => file.close()).catch(() => {});
  return isTaken;
}
