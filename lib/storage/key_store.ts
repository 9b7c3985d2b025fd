/**
 * The key file of a room that moves on, which several clients of one member may use at once.
 *
 * A change is made to what the file holds by then, under a lock, and replaces the file as a whole. So
 * a client that is killed leaves the old file or the new one, and none takes back what another did.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The key file"
 */

import { formatRoomSecret, parseRoomSecret, type RoomSecret } from "../crypto/room_secret.ts";
import { ChatError, reasonOf } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { FileLock } from "./file_lock.ts";
import { loadKeyFile } from "./key_file.ts";
import { STATE_LOCK_WAIT_MS } from "./limits.ts";
import {
  directoryOf,
  removeLeftovers,
  replacePrivateFile,
  tryReplacing,
  type Warn,
} from "./private_file.ts";
import { syncDirectory } from "./synced_file.ts";

/** Where a client keeps the keys of its room. */
export class KeyStore {
  readonly #path: string | undefined;
  readonly #warn: Warn;
  #hasWarned = false;
  /** When the file was last changed, as far as this client knows. */
  #changedAt: string | undefined;

  private constructor(path: string | undefined, warn: Warn, changedAt?: string) {
    this.#path = path;
    this.#warn = warn;
    this.#changedAt = changedAt;
  }

  /**
   * Uses a key file that exists. It is to be loaded after that, so that no change is missed.
   *
   * @param path The file. Where it is a link, the file that it leads to is the one that changes.
   * @param warn Told once if the file cannot be written.
   */
  static async at(path: string, warn: Warn): Promise<KeyStore> {
    const real = await Deno.realPath(path);
    return new KeyStore(real, warn, await readChange(real));
  }

  /** Keeps nothing: the key came through a pipe, or from a program. */
  static inMemory(): KeyStore {
    return new KeyStore(undefined, () => {});
  }

  /** Whether what changes outlives this client. */
  get isKept(): boolean {
    return this.#path !== undefined;
  }

  /**
   * Changes the file. A failure is warned of and is no error: the change then lasts as long as this
   * client.
   *
   * @param change Makes the new secret of what the file holds; of nothing, if that cannot be told.
   * @param mustSave Whether a failure is an error after all, and nothing is changed.
   * @returns What `change` returned, and whether it is on disk.
   */
  async update(
    change: (onDisk: RoomSecret | undefined) => Promise<RoomSecret>,
    { mustSave = false } = {},
  ): Promise<{ readonly secret: RoomSecret; readonly isSaved: boolean }> {
    const path = this.#path;
    if (path === undefined) return { secret: await change(undefined), isSaved: true };
    try {
      using _held = await new FileLock(`${path}.lock`).acquire(STATE_LOCK_WAIT_MS);
      const text = await loadKeyFile(path, this.#warn);
      const changed = await change(await parseRoomSecret(text));
      const newText = formatRoomSecret(changed);
      if (newText !== text) {
        await replacePrivateFile(path, newText);
        await syncDirectory(directoryOf(path));
        await removeLeftovers(path);
      }
      this.#changedAt = await readChange(path);
      return { secret: changed, isSaved: true };
    } catch (error) {
      if (mustSave) throw error;
      if (!this.#hasWarned) {
        const values = { path, reason: reasonOf(error) };
        this.#hasWarned = true;
        this.#warn(worded("cannot save {path}, only kept until the end: {reason}", values));
      }
      return { secret: await change(undefined), isSaved: false };
    }
  }

  /**
   * Tries whether the file can be changed.
   *
   * @throws {Error} If it cannot.
   */
  async probe(): Promise<void> {
    const path = this.#path;
    if (path === undefined) return;
    using _held = await new FileLock(`${path}.lock`).acquire(STATE_LOCK_WAIT_MS);
    await loadKeyFile(path, this.#warn);
    await tryReplacing(path);
  }

  /**
   * Looks whether another client has changed the file.
   *
   * @returns What the file holds; undefined if nothing is new, or it cannot be read.
   */
  async reload(): Promise<RoomSecret | undefined> {
    const path = this.#path;
    if (path === undefined) return undefined;
    const changedAt = await readChange(path);
    if (changedAt === undefined || changedAt === this.#changedAt) return undefined;
    this.#changedAt = changedAt;
    try {
      return await parseRoomSecret(await loadKeyFile(path, this.#warn));
    } catch (error) {
      if (error instanceof ChatError || error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }
}

/** What tells one state of the file from another: each change makes a new file. */
async function readChange(path: string): Promise<string | undefined> {
  const info = await Deno.stat(path).catch(() => undefined);
  return info && `${info.ino} ${info.mtime?.getTime()} ${info.size}`;
}
