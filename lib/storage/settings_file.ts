/**
 * A member's settings on disk: one JSON object, which people edit by hand.
 *
 * @module
 * @see lib/state_paths.ts for where it is
 */

import { UsageError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { MAX_SETTINGS_FILE_BYTES } from "./limits.ts";
import { replacePrivateFile } from "./private_file.ts";

/** Permissions with which others could change the settings. */
const GROUP_OR_OTHERS_WRITE = 0o022;

/** A settings file that was read; its values may be anything that JSON can be. */
export interface SettingsFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a settings file.
 *
 * @param path The file.
 * @returns Its values, not yet checked; undefined if there is no such file.
 * @throws {UsageError} If it cannot be read, others may write to it, it is longer than
 * `MAX_SETTINGS_FILE_BYTES`, or it is not a JSON object.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(await loadSettingsFile("no/such.json"), undefined);
 * ```
 */
export async function loadSettingsFile(path: string): Promise<SettingsFile | undefined> {
  const text = await readText(path);
  return text === undefined ? undefined : { path, values: parseObject(path, text) };
}

/**
 * Saves one setting, and keeps all others and their order.
 *
 * The file is replaced as a whole, with mode 0600: who reads it meanwhile finds
 * the old one or the new one. Comments and layout do not survive; JSON has none.
 *
 * @param path The file; it and its directory are created if need be. A link is followed.
 * @param name The setting's name.
 * @param value Its new value.
 * @throws {UsageError} As {@linkcode loadSettingsFile} does: such a file is left as it is.
 * @throws {Error} If it cannot be written, as `Deno.open()` throws it.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const path = `${await Deno.makeTempDir()}/config.json`;
 * await saveSetting(path, "nick", "alice");
 * assert.equal(await Deno.readTextFile(path), '{\n  "nick": "alice"\n}\n');
 * await Deno.remove(path);
 * ```
 */
export async function saveSetting(
  path: string,
  name: string,
  value: string | number | boolean,
): Promise<void> {
  const values = { ...(await loadSettingsFile(path))?.values, [name]: value };
  // People keep such files elsewhere and link them here: that link is to survive.
  const target = await Deno.realPath(path).catch(() => path);
  await replacePrivateFile(target, `${JSON.stringify(values, undefined, 2)}\n`);
}

async function readText(path: string): Promise<string | undefined> {
  try {
    const { isFile, size, mode } = await Deno.stat(path);
    if (!isFile) throw refuse(worded("{path} is not a file", { path }));
    if (mode !== null && (mode & GROUP_OR_OTHERS_WRITE) !== 0) {
      const hint = worded("Make it yours alone: chmod go-w {path}", { path });
      throw refuse(worded("others may write to {path}", { path }), hint);
    }
    if (size > MAX_SETTINGS_FILE_BYTES) {
      const values = { path, bytes: size, most: MAX_SETTINGS_FILE_BYTES };
      throw refuse(worded("{path} has {bytes} bytes, {most} at most", values));
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw refuse(worded("{path} cannot be read", { path }));
  }
}

function parseObject(path: string, text: string): Record<string, unknown> {
  let values: unknown;
  try {
    // Windows editors put a byte order mark first.
    values = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    values = undefined;
  }
  if (typeof values === "object" && values !== null && !Array.isArray(values)) {
    return values as Record<string, unknown>;
  }
  const example = '{"nick": "alice", "bell": "pm"}';
  const hint = worded("It must hold one object, such as {example}.", { example });
  throw refuse(worded("{path} is not a JSON object", { path }), hint);
}

function refuse(reason: Wording, hint?: Wording): UsageError {
  return new UsageError(worded("Cannot load settings: {reason}", { reason }), hint);
}
