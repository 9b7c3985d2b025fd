/**
 * A shared file of words, for tests.
 *
 * @module
 */

import type { Warn } from "../../lib/storage/private_file.ts";
import { SharedFile, type SharedFormat } from "../../lib/storage/shared_file.ts";

/** Words, one a line, after their number. */
export const WORDS: SharedFormat<Set<string>> = {
  empty: () => new Set(),
  parse: (text) => {
    const [count, ...words] = text.split("\n");
    if (words.pop() !== "" || words.length !== Number(count)) throw new Error("cut off");
    return new Set(words);
  },
  format: (words) => [words.size, ...words].map((line) => `${line}\n`).join(""),
  merge: (disk, mine) => disk.union(mine),
};

/** Opens a file of words, which is saved 20 ms after a touch. */
export function openWords(
  path: string,
  warn: Warn,
  format: SharedFormat<Set<string>> = WORDS,
): Promise<SharedFile<Set<string>>> {
  return SharedFile.open(path, format, { maxBytes: 100_000, delayMs: 20, warn });
}
