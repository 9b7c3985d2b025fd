/**
 * The history file: what the user typed, for the next runs of the client.
 *
 * Each line of the file is an entry as a JSON string. An entry may have line breaks.
 *
 * @module
 */

import { ChatError, reasonOf } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { MAX_HISTORY_ENTRIES, MAX_HISTORY_FILE_BYTES } from "./limits.ts";
import { keepPrivate, replacePrivateFile, type Warn } from "./private_file.ts";

/**
 * Loads a history file.
 *
 * @param path The file. It need not exist.
 * @param warn Told of a file that cannot be read, and of one that others could read.
 * @returns The last 1,000 entries, the oldest first. Lines that are no entries are left out.
 */
export async function loadHistory(path: string, warn: Warn): Promise<string[]> {
  try {
    const { size, mode } = await Deno.stat(path);
    if (size > MAX_HISTORY_FILE_BYTES) {
      throw new ChatError(worded("longer than {most} bytes", { most: MAX_HISTORY_FILE_BYTES }));
    }
    await keepPrivate(path, mode, warn, "Cannot load history: {reason}");
    const lines = (await Deno.readTextFile(path)).split("\n");
    return lines.flatMap(parseLine).slice(-MAX_HISTORY_ENTRIES);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) {
      warn(worded("Cannot read {path}: {reason}", { path, reason: reasonOf(error) }));
    }
    return [];
  }
}

/**
 * Replaces a history file. Only its owner can read it.
 *
 * @param path The file.
 * @param entries The entries, the oldest first. Of the last 1,000 entries, the newest that fit into
 * 4 MiB are kept.
 * @throws {Error} If the file cannot be written.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * await saveHistory(`${directory}/history`, ["hello", "two\nlines"]);
 * const entries = await loadHistory(`${directory}/history`, console.error);
 * assert.deepEqual(entries, ["hello", "two\nlines"]);
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function saveHistory(path: string, entries: readonly string[]): Promise<void> {
  const lines: string[] = [];
  let bytes = 0;
  for (const entry of entries.slice(-MAX_HISTORY_ENTRIES).reverse()) {
    const line = JSON.stringify(entry) + "\n";
    bytes += new TextEncoder().encode(line).length;
    if (bytes > MAX_HISTORY_FILE_BYTES) break;
    lines.push(line);
  }
  await replacePrivateFile(path, lines.reverse().join(""));
}

function parseLine(line: string): string[] {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === "string" && entry !== "" ? [entry] : [];
  } catch {
    return [];
  }
}
