/**
 * What a client remembers of a room from one run to the next: which messages
 * it has seen, so that a recorded one is never new again.
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
 * The memory of one running client.
 *
 * Several clients of one user may be in one room, and each has to show every
 * message: so each has a file of its own, held by a lock for as long as it
 * runs, and starts with what all those knew that do not run any more.
 *
 * @example
 * ```ts
 * await using seenStore = await SeenStore.open(undefined, console.error);
 * seenStore.seen.newestTime = 1785571200;
 * await seenStore.persist();
 * ```
 */
export class SeenStore implements AsyncDisposable {
  /** What has been seen: the caller changes it, and calls `persist()`. */
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
   * Opens the memory of a room.
   *
   * @param directory The room's directory; undefined for a memory that ends with the process.
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
   * Keeps what has been seen: at once where nothing was saved lately, so that a message is on
   * disk before it is shown, else 250 ms later.
   *
   * @returns When what was just seen may be shown.
   */
  async persist(): Promise<void> {
    if (this.#timer !== undefined) return;
    const wait = SEEN_SAVE_MS - (performance.now() - this.#savedAt);
    if (wait <= 0) return await this.#save();
    this.#timer = setTimeout(() => this.#save(), wait);
  }

  /** Saves what is due, and lets another client have the file. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#save();
    await this.#file[Symbol.asyncDispose]();
    this.#owner?.[Symbol.dispose]();
  }

  async #save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#savedAt = performance.now();
    // What other clients have seen stays out of this one's view.
    this.#file.value = mergeSeen(this.#file.value, this.seen);
    await this.#file.save();
  }
}

/** Locks a file for as long as this client runs; undefined if another has it, or there is none. */
async function tryOwn(path: string, mayCreate: boolean): Promise<Disposable | undefined> {
  try {
    if (!mayCreate) await Deno.stat(path);
    return await new FileLock(`${path}.owner`).acquire(OWNER_WAIT_MS);
  } catch {
    // What cannot be locked is not used; without any file the memory ends with the process.
    return undefined;
  }
}
