/**
 * The key file: `secret.key`. It holds the 44 characters of a key, and may have a line ending; or, of
 * a room that has moved on, a line for each generation of its keys.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "The key file"
 */

import { generateKey } from "../crypto/key.ts";
import {
  formatRoomSecret,
  MAX_ROOM_SECRET_CHARS,
  parseRoomSecret,
  wipeSecret,
} from "../crypto/room_secret.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import type { Warn } from "./private_file.ts";
import {
  isDescriptor,
  loadSecretFile,
  openSecretFile,
  parseSecret,
  type SecretKind,
} from "./secret_file.ts";
import { readBounded, type Source } from "./spoiled_text.ts";

export type { Warn } from "./private_file.ts";

/** Characters of a key in its file. */
export const KEY_CHARS = 44;
const INPUT_NAME = worded("standard input");
const TERMINAL_INPUT = worded("standard input is a terminal");

const KEY: SecretKind<string> = {
  cannotLoad: "Cannot load key: {reason}",
  cannotCreate: "Cannot create key: {reason}",
  invalid: "{path} does not hold a valid key",
  option: "--key PATH",
  hint: worded(
    "It must be one line of 44 characters, or lines that begin with room2. Ask for the file again, or move it away so that the server makes a new one.",
  ),
  maxBytes: MAX_ROOM_SECRET_CHARS,
  parse: async (text) => {
    const secret = await parseRoomSecret(text);
    const key = formatRoomSecret(secret);
    wipeSecret(secret);
    return key;
  },
};

/** A key that a client was given: no server is to make another one. */
const GIVEN_KEY: SecretKind<string> = {
  ...KEY,
  hint: worded(
    "It must be one line of 44 characters, or lines that begin with room2. Ask who gave it to you for the file again.",
  ),
};

/** The path that stands for standard input. */
export const STANDARD_INPUT = "-";

/** Standard input, as far as a key is read from it. */
export type KeyInput = Source & Pick<typeof Deno.stdin, "isTerminal">;

/**
 * Tells whether a key does not come from a file that others could have.
 *
 * @param path The path of a key.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const paths = ["-", "/dev/fd/63", "secret.key"];
 * assert.deepEqual(paths.map(isPiped), [true, true, false]);
 * ```
 */
export function isPiped(path: string): boolean {
  return path === STANDARD_INPUT || isDescriptor(path);
}

/** The content of a key file. */
export interface KeyFile {
  /** The room's secret, as `formatRoomSecret()` returns it. */
  readonly text: string;
  /** Whether this call made the file. */
  readonly created: boolean;
}

/**
 * Loads a key file.
 *
 * @param path The file; `-` for standard input.
 * @param warn Told of a file that others could read, and that is now private.
 * @param input Standard input, unless it is given.
 * @returns The room's secret, as `formatRoomSecret()` returns it: 44 characters, or lines.
 * @throws {Deno.errors.NotFound} If there is no such file.
 * @throws {ChatError} If the file is not a valid key, cannot be read, or cannot be made private.
 */
export async function loadKeyFile(
  path: string,
  warn: Warn,
  input: KeyInput = Deno.stdin,
): Promise<string> {
  if (path === STANDARD_INPUT) return await readKey(input);
  return await loadSecretFile(path, GIVEN_KEY, warn);
}

/**
 * Loads a key file. If there is no file, makes one with a new key.
 *
 * If several processes call this at once, exactly one makes the file, and all load the same key. A
 * crash at any point leaves no file or a valid one.
 *
 * @param path The file; `-` for standard input.
 * @param warn Told of a file that others could read, and that is now private.
 * @param input Standard input, unless it is given.
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
export async function openKeyFile(
  path: string,
  warn: Warn,
  input: KeyInput = Deno.stdin,
): Promise<KeyFile> {
  if (path === STANDARD_INPUT) return { text: await readKey(input), created: false };
  const { secret, created } = await openSecretFile(path, KEY, generateKey, warn);
  return { text: secret, created };
}

async function readKey(input: KeyInput): Promise<string> {
  // What is typed there would be shown.
  if (input.isTerminal()) {
    throw new ChatError(worded("Cannot load key: {reason}", { reason: TERMINAL_INPUT }), {
      hint: worded("Have a program write it, through a pipe."),
    });
  }
  return await parseSecret(INPUT_NAME, await readBounded(input, KEY.maxBytes), GIVEN_KEY);
}
