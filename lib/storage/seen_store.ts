/**
 * Keeps on disk which messages of a room a client has seen. A recorded message that is replayed to a
 * later run is then not new.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { reasonOf } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { FileLock } from "./file_lock.ts";
import { MAX_CLIENTS_OF_ONE_USER, OWNER_WAIT_MS, SEEN_SAVE_MS } from "./limits.ts";
import { makePrivateDirectory, removeLeftovers, type Warn } from "./private_file.ts";
import { Seen } from "./seen.ts";
import { SeenFile } from "./seen_file.ts";

/**
 * What one running client has seen in a room.
 *
 * Several clients of one user may be in one room, and each has to show every message. So each client
 * has a file of its own, and holds a lock on it while it runs. A client starts with what is in its
 * own file and in the files that no client holds.
 */
export class SeenStore implements AsyncDisposable {
  /** What has been seen. The caller changes it, and then calls `persist()`. */
  readonly seen = new Seen();
  readonly #warn: Warn;
  /** This client's own file; undefined if it has none. */
  #own: { readonly path: string; readonly file: SeenFile; readonly owner: Disposable } | undefined;
  /** Whether the file lacks more than what has changed since the last save. */
  #isBehind = false;
  #hasFailed = false;
  #savedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> = Promise.resolve();
  #waiting: Promise<void> | undefined;

  private constructor(warn: Warn) {
    this.#warn = warn;
  }

  /**
   * Opens the store of a room.
   *
   * @param directory The room's directory. Undefined for a store that ends with the process.
   * @param warn Told what could not be read or saved.
   */
  static async open(directory: string | undefined, warn: Warn): Promise<SeenStore> {
    const store = new SeenStore(warn);
    if (directory === undefined) return store;
    try {
      await makePrivateDirectory(directory);
    } catch {
      warn(
        worded("cannot write to {path}: what was seen is forgotten at the end", {
          path: directory,
        }),
      );
      return store;
    }
    await store.#load(directory);
    return store;
  }

  /** Takes a file, and reads it and all others that no client holds. */
  async #load(directory: string): Promise<void> {
    const now = Math.floor(Date.now() / 1000);
    let isClosed = false;
    for (let slot = 0; slot < MAX_CLIENTS_OF_ONE_USER; slot++) {
      const path = `${directory}/seen-${slot}`;
      const owner = await tryOwn(path, this.#own === undefined);
      if (!owner) continue;
      const file = new SeenFile(path, this.#warn);
      const records = await file.read(now);
      if (records) this.seen.add(records, now);
      isClosed ||= records?.isClosed ?? false;
      if (this.#own) {
        owner[Symbol.dispose]();
        this.#isBehind ||= records !== undefined;
      } else this.#own = { path, file, owner };
    }
    if (!this.#own) {
      this.#warn(
        worded("no file in {path} is free: what is seen is forgotten at the end", {
          path: directory,
        }),
      );
      return;
    }
    if (isClosed) {
      this.#isBehind = true;
      await this.flush();
    }
    await removeLeftovers(this.#own.path);
  }

  /**
   * Saves what has been seen. If nothing was saved in the last 250 ms, this saves at once, so that a
   * message is on disk before it is shown. Otherwise this saves at the end of the 250 ms.
   *
   * @returns When the messages that were just seen may be shown.
   */
  async persist(): Promise<void> {
    if (this.#timer !== undefined) return;
    const wait = SEEN_SAVE_MS - (performance.now() - this.#savedAt);
    if (wait <= 0) return await this.flush();
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  /** Saves now, or after the save that is under way. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#savedAt = performance.now();
    // The save under way may have taken the changes already. A save that waits has not.
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      return this.#running = this.#write();
    });
    return this.#waiting;
  }

  /** Saves what has been seen, and releases the file for another client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.flush();
    this.#own?.owner[Symbol.dispose]();
    this.#own = undefined;
  }

  /** It never rejects: a failure is warned of once, and tried again. */
  async #write(): Promise<void> {
    if (!this.#own) return;
    const { path, file } = this.#own;
    const changes = this.seen.takeChanges();
    if (changes === "" && !this.#isBehind) return;
    try {
      if (this.#isBehind || !await file.append(changes)) await file.replace(this.seen.format());
      this.#isBehind = false;
    } catch (error) {
      this.#isBehind = true;
      const values = { path, reason: reasonOf(error) };
      if (!this.#hasFailed) {
        this.#warn(worded("cannot save {path}, only kept until the end: {reason}", values));
      }
      this.#hasFailed = true;
    }
  }
}

/** Locks a file for this client. Undefined if another client holds it, or there is none. */
async function tryOwn(path: string, mayCreate: boolean): Promise<Disposable | undefined> {
  try {
    if (!mayCreate) await Deno.stat(path);
    return await new FileLock(`${path}.owner`).acquire(OWNER_WAIT_MS);
  } catch {
    // A file that cannot be locked is not used. Without a file, the store ends with the process.
    return undefined;
  }
}
