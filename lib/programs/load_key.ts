/**
 * Loading the key of a room, for a client.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { isPiped, loadKeyFile } from "../storage/key_file.ts";
import { KeyStore } from "../storage/key_store.ts";
import type { Warn } from "../storage/private_file.ts";

/**
 * Loads a key.
 *
 * @param path The key file.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns The room's secret, as `formatRoomSecret()` returns it.
 * @throws {ChatError} If there is no such file, with a hint how to come by a key; or as
 * {@linkcode loadKeyFile} does.
 */
export async function loadRoomKey(path: string, warn: Warn): Promise<string> {
  try {
    return await loadKeyFile(path, warn);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ChatError(worded("Cannot load key: there is no {path}", { path }), {
      hint: worded(
        "Join with a code from a friend: chat-client join. Or ask for secret.key, or name it with --key PATH.",
      ),
    });
  }
}

/** A room's secret, and where it is kept when it moves on. */
export interface OpenedKey {
  /** As `formatRoomSecret()` returns it. */
  readonly keyText: string;
  readonly keyStore: KeyStore;
}

/**
 * Loads a key that may move on.
 *
 * @throws {ChatError} As {@linkcode loadRoomKey} does.
 */
export async function openRoomKey(path: string, warn: Warn): Promise<OpenedKey> {
  // What is wrong with a file that has no place is told by those who load it.
  const keyStore = isPiped(path)
    ? KeyStore.inMemory()
    : await KeyStore.at(path, warn).catch(() => KeyStore.inMemory());
  return { keyText: await loadRoomKey(path, warn), keyStore };
}
