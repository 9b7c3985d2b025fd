/**
 * The key file: `secret.key`. It holds 44 characters, and may have a line ending.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The key file"
 */

import { generateKey, parseKey } from "../crypto/key.ts";
import { worded } from "../messages/wording.ts";
import type { Warn } from "./private_file.ts";
import { loadSecretFile, openSecretFile, type SecretKind } from "./secret_file.ts";

export type { Warn } from "./private_file.ts";

/** Characters of a key in its file. */
const KEY_CHARS = 44;

const KEY: SecretKind<string> = {
  cannotLoad: "Cannot load key: {reason}",
  cannotCreate: "Cannot create key: {reason}",
  invalid: "{path} does not hold a valid key",
  option: "--key PATH",
  hint: worded(
    "It must be one line of 44 characters. Ask for the file again, or move it away so that the server makes a new one.",
  ),
  // A line ending has one or two characters.
  maxBytes: KEY_CHARS + 2,
  parse: (text) => {
    const key = text.replace(/\r?\n$/, "");
    parseKey(key).fill(0);
    return key;
  },
};

/** The content of a key file. */
export interface KeyFile {
  /** The key, 44 characters, as `importKey()` takes it. */
  readonly text: string;
  /** Whether this call made the file. */
  readonly created: boolean;
}

/**
 * Loads a key file.
 *
 * @param path The file.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns The key's text, 44 characters.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {ChatError} If the file is not a valid key, cannot be read, or cannot be made private.
 */
export async function loadKeyFile(path: string, warn: Warn): Promise<string> {
  return await loadSecretFile(path, KEY, warn);
}

/**
 * Loads a key file. If there is no file, makes one with a new key.
 *
 * If several processes call this at once, exactly one makes the file, and all load the same key. A
 * crash at any point leaves no file or a valid one.
 *
 * @param path The file.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns The key, and whether this call made it.
 * @throws {ChatError} If an existing file is not a valid key, cannot be read or cannot be made
 * private, or if no file can be made.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * const first = await openKeyFile(`${directory}/secret.key`, console.error);
 * const second = await openKeyFile(`${directory}/secret.key`, console.error);
 * assert.equal(first.created, true);
 * assert.deepEqual(second, { text: first.text, created: false });
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function openKeyFile(path: string, warn: Warn): Promise<KeyFile> {
  const { secret, created } = await openSecretFile(path, KEY, generateKey, warn);
  return { text: secret, created };
}
