/**
 * The settings file: one JSON object, which people edit by hand.
 *
 * @module
 * @see lib/storage/state_paths.ts for its place
 */

import { UsageError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { explainReadFailure } from "./file_failure.ts";
import { MAX_SETTINGS_FILE_BYTES } from "./limits.ts";
import { findOwnUid, FOREIGN_HINT, isForeign, isOpenToAll, type Owned } from "./ownership.ts";
import { directoryOf, replacePrivateFile } from "./private_file.ts";

/** Permissions with which others could change the settings. */
const GROUP_OR_OTHERS_WRITE = 0o022;

/** Who runs the program. */
type Own = Promise<number | undefined>;

/** The content of a settings file. A value may be anything that JSON can have. */
export interface SettingsFile {
  readonly path: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Reads a settings file.
 *
 * @param path The file.
 * @param own Who runs the program.
 * @returns The values, which are not checked; undefined if there is no such file.
 * @throws {UsageError} If the file cannot be read, is longer than `MAX_SETTINGS_FILE_BYTES`, or is not
 * a JSON object; if file or directory are another user's, or others may write to them. A group may
 * write to the directory: many have one of their own.
 */
export async function loadSettingsFile(
  path: string,
  own: Own = findOwnUid(),
): Promise<SettingsFile | undefined> {
  const text = await readText(path, await own);
  return text === undefined ? undefined : { path, values: parseObject(path, text) };
}

/** What a setting can be. */
export type SettingValue = string | number | boolean;

/**
 * Saves settings. All others keep their values and their order; the layout is lost.
 *
 * The file is replaced as a whole, with mode 0600. A reader finds the old file or the new one.
 *
 * @param path The file. A missing file and its directory are made. A link is followed.
 * @param changes The new values of settings, by their names.
 * @throws {UsageError} As {@linkcode loadSettingsFile} does. The file is then left as it is.
 * @throws {Error} As `Deno.open()` throws it, if the file cannot be written.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const path = `${await Deno.makeTempDir()}/config.json`;
 * await saveSettings(path, { nick: "alice" });
 * assert.equal(await Deno.readTextFile(path), '{\n  "nick": "alice"\n}\n');
 * await Deno.remove(path);
 * ```
 */
export async function saveSettings(
  path: string,
  changes: Readonly<Record<string, SettingValue>>,
): Promise<void> {
  const values = { ...(await loadSettingsFile(path))?.values, ...changes };
  // Some people keep such files elsewhere, and only have a link here. The link stays.
  const target = await Deno.realPath(path).catch(() => path);
  await replacePrivateFile(target, `${JSON.stringify(values, undefined, 2)}\n`);
}

async function readText(path: string, own: number | undefined): Promise<string | undefined> {
  try {
    const directory = directoryOf(path);
    const around = await Deno.stat(directory);
    refuseForeign(directory, around, own);
    if (own !== undefined && isOpenToAll(around)) throw refuseOpen(directory);
    const info = await Deno.stat(path);
    const { isFile, size, mode } = info;
    if (!isFile) throw refuse(worded("{path} is not a file", { path }));
    refuseForeign(path, info, own);
    if (mode !== null && (mode & GROUP_OR_OTHERS_WRITE) !== 0) throw refuseOpen(path);
    if (size > MAX_SETTINGS_FILE_BYTES) {
      const values = { path, bytes: size, most: MAX_SETTINGS_FILE_BYTES };
      throw refuse(worded("{path} has {bytes} bytes, {most} at most", values));
    }
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof Deno.errors.NotFound) return undefined;
    const { reason, hint } = explainReadFailure(path, error, "--settings PATH");
    throw refuse(reason, hint);
  }
}

function parseObject(path: string, text: string): Record<string, unknown> {
  let values: unknown;
  try {
    // Editors on Windows may put a byte order mark in front.
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

function refuseForeign(path: string, info: Owned, own: number | undefined): void {
  if (!isForeign(info, own)) return;
  throw refuse(worded("{path} belongs to another user", { path }), FOREIGN_HINT);
}

function refuseOpen(path: string): UsageError {
  const hint = worded("Make it yours alone: chmod go-w {path}", { path });
  return refuse(worded("others may write to {path}", { path }), hint);
}

function refuse(reason: Wording, hint?: Wording): UsageError {
  return new UsageError(worded("Cannot load settings: {reason}", { reason }), hint);
}
