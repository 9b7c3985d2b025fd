/**
 * Completion of file names, for words that look like one.
 *
 * @module
 */

/** Files that the completion of a path lists. */
export const MAX_LISTED_FILES = 1000;

/** What completion needs of a file system. */
export interface FileSystem {
  /** Lists a directory; rejects if it cannot be read. */
  readonly readDir: (path: string) => AsyncIterable<{
    readonly name: string;
    readonly isDirectory: boolean;
  }>;
  /** The user's home directory, for `~/`; undefined if there is none. */
  readonly home: string | undefined;
}

/**
 * Completes a path.
 *
 * @param word The end of a line. A path begins with `./`, `../`, `~/` or `/`.
 * @param files Where to look.
 * @returns Paths as they continue the word, in the order of the alphabet: a directory ends in a
 * slash, anything else is followed by a space. None for what is no path, and for a directory that
 * cannot be read. Names that are not UTF-8 are left out. Hidden files only if the word asks for them.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * async function* readDir() {
 *   yield { name: "notes.txt", isDirectory: false };
 * }
 * assert.deepEqual(await completePath("./no", { readDir, home: undefined }), ["./notes.txt "]);
 * ```
 */
export async function completePath(word: string, files: FileSystem): Promise<string[]> {
  if (!looksLikePath(word)) return [];
  const slash = word.lastIndexOf("/") + 1;
  const [directory, start] = [word.slice(0, slash), word.slice(slash)];
  const expanded = expandHome(directory, files.home);
  if (expanded === undefined) return [];
  const found: string[] = [];
  try {
    for await (const { name, isDirectory } of files.readDir(expanded)) {
      const isWanted = name.startsWith(start) &&
        (!name.startsWith(".") || start.startsWith(".")) &&
        // The runtime puts it in place of what is not UTF-8, and such a path leads nowhere.
        !name.includes("\uFFFD");
      if (isWanted) found.push(directory + name + (isDirectory ? "/" : " "));
      if (found.length >= MAX_LISTED_FILES) break;
    }
  } catch {
    // A directory that cannot be read has nothing to offer.
    return [];
  }
  return found.sort();
}

/**
 * Completes the name of a file, where nothing else is meant: also one that does not look like a path.
 *
 * @param name What is there of it. It may have spaces.
 * @param files Where to look.
 * @returns As `completePath()` does.
 */
export async function completeFile(name: string, files: FileSystem): Promise<string[]> {
  if (looksLikePath(name)) return await completePath(name, files);
  const here = "./";
  return (await completePath(here + name, files)).map((path) => path.slice(here.length));
}

function looksLikePath(word: string): boolean {
  return /^(?:\.{1,2}|~)?\//.test(word);
}

function expandHome(directory: string, home: string | undefined): string | undefined {
  if (!directory.startsWith("~/")) return directory;
  return home === undefined ? undefined : home + directory.slice(1);
}
