/**
 * Keeps on disk which messages of a room a client has seen. A recorded message that is replayed to a
 * later run is then not new.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { worded } from "../messages/wording.ts";
import { FileLock } from "./file_lock.ts";
import {
  MAX_CLIENTS_OF_ONE_USER,
  MAX_STATE_FILE_BYTES,
  OWNER_WAIT_MS,
  SEEN_SAVE_MS,
} from "./limits.ts";
import { makePrivateDirectory, type Warn } from "./private_file.ts";
import { mergeSeen, SEEN_FORMAT, type SeenState } from "./seen.ts";
import { SharedFile } from "./shared_file.ts";

/**
 * What one running client has seen in a room.
 *
 * Several clients of one user may be in one room, and each has to show every message. So each client
 * has a file of its own, and holds a lock on it while it runs. A client starts with what is in its
 * own file and in the files that no client holds.
 */
export class SeenStore implements AsyncDisposable {
  /** What has been seen. The caller changes it, and then calls `persist()`. */
  readonly seen: SeenState;
  readonly #file: SharedFile<SeenState>;
  readonly #owner: Disposable | undefined;
  #savedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(
    seen: SeenState,
    file: SharedFile<SeenState>,
    owner: Disposable | undefined,
  ) {
    this.seen = seen;
    this.#file = file;
    this.#owner = owner;
  }

  /**
   * Opens the store of a room.
   *
   * @param directory The room's directory. Undefined for a store that ends with the process.
   * @param warn Told what could not be read or saved.
   */
  static async open(directory: string | undefined, warn: Warn): Promise<SeenStore> {
    const empty = SharedFile.inMemory(SEEN_FORMAT);
    if (directory === undefined) return new SeenStore(SEEN_FORMAT.empty(), empty, undefined);
    try {
      await makePrivateDirectory(directory);
    } catch {
      warn(
        worded("cannot write to {path}: what was seen is forgotten at the end", {
          path: directory,
        }),
      );
      return new SeenStore(SEEN_FORMAT.empty(), empty, undefined);
    }
    let seen = SEEN_FORMAT.empty();
    let own: { file: SharedFile<SeenState>; owner: Disposable } | undefined;
    const options = { maxBytes: MAX_STATE_FILE_BYTES, delayMs: SEEN_SAVE_MS, warn };
    for (let slot = 0; slot < MAX_CLIENTS_OF_ONE_USER; slot++) {
      const path = `${directory}/seen-${slot}`;
      const owner = await tryOwn(path, own === undefined);
      if (!owner) continue;
      const file = await SharedFile.open(path, SEEN_FORMAT, options);
      seen = mergeSeen(seen, file.value);
      if (own) owner[Symbol.dispose]();
      else own = { file, owner };
    }
    if (!own) {
      warn(
        worded("no file in {path} is free: what is seen is forgotten at the end", {
          path: directory,
        }),
      );
    }
    return new SeenStore(seen, own?.file ?? empty, own?.owner);
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
    if (wait <= 0) return await this.#save();
    this.#timer = setTimeout(() => this.#save(), wait);
  }

  /** Saves what has been seen, and releases the file for another client. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#save();
    await this.#file[Symbol.asyncDispose]();
    this.#owner?.[Symbol.dispose]();
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#savedAt = performance.now();
    // `seen` must not get what other clients have seen: this client has to show it.
    this.#file.value = mergeSeen(this.#file.value, this.seen);
    await this.#file.save();
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
