/**
 * `secret.key` on disk: created once, loaded strictly, never overwritten.
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
  // A line ending of one or two characters is tolerated.
  maxBytes: KEY_CHARS + 2,
  parse: (text) => {
    const key = text.replace(/\r?\n$/, "");
    parseKey(key).fill(0);
    return key;
  },
};

/** A key that was read or made. */
export interface KeyFile {
  /** 44 characters, valid for `importKey()`. */
  readonly text: string;
  /** Whether this call made the file. */
  readonly created: boolean;
}

/**
 * Loads a key file.
 *
 * Readable by group or others, it is tightened to mode 0600 with a warning.
 *
 * @param path The file: 44 characters and at most one line ending.
 * @param warn Told what was changed.
 * @returns The key's text, 44 characters.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {ChatError} If it is not a readable file with a valid key, or others could read it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * await assert.rejects(() => loadKeyFile("no/such.key", console.error), Deno.errors.NotFound);
 * ```
 */
export async function loadKeyFile(path: string, warn: Warn): Promise<string> {
  return await loadSecretFile(path, KEY, warn);
}

/**
 * Loads a key file, or creates it with a new key where there is none.
 *
 * Of several processes exactly one creates it, all load the same key, and a
 * crash at any point leaves no file or a valid one.
 *
 * @param path The file.
 * @param warn Told what was changed.
 * @returns The key, and whether this call made it.
 * @throws {ChatError} If an existing file is not a valid key, or none can be created.
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
