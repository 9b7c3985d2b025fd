/**
 * What the tests of key files share.
 *
 * @module
 */

import assert from "node:assert/strict";
import { ChatError } from "../../lib/errors.ts";
import { testNeeding } from "./needs.ts";
import { withDirectory } from "./temporary.ts";

/** The key of the Fernet spec's examples. */
export const KEY = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";

/** Registers a test of modes, links or signals, which Windows does not have. */
export const testUnix = Deno.build.os === "windows" ? () => {} : testNeeding;

/** A function for a test, given a path for a key file, alone in a new directory. */
export function withKeyPath(
  fn: (path: string, directory: string) => Promise<void>,
): () => Promise<void> {
  return () => withDirectory((directory) => fn(`${directory}/secret.key`, directory));
}

/** The permission bits of a file. */
export async function modeOf(path: string): Promise<number> {
  return (await Deno.stat(path)).mode! & 0o7777;
}

/** The names in a directory, sorted. */
export async function namesIn(directory: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(directory), ({ name }) => name)).sort();
}

/** Expects a {@linkcode ChatError}, and returns it. */
export async function assertChatError(
  promise: Promise<unknown>,
  message: string,
  hint?: string,
): Promise<ChatError> {
  const outcome = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof ChatError)) assert.fail(`gave ${Deno.inspect(outcome)}`);
  assert.deepEqual([outcome.message, outcome.hint], [message, hint]);
  return outcome;
}
