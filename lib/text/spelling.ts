/**
 * Guesses which known word a misspelt word stands for.
 *
 * @module
 */

/** How many changes of one letter a misspelt word may have to be recognized. */
export const MAX_MISSPELT_LETTERS = 2;
/** Longest word that is compared, in characters. The time of a comparison grows with its square. */
export const MAX_COMPARED_NAME_CHARS = 64;

/**
 * Finds the known word that is nearest to a misspelt one. Upper and lower case, `-`, `_`, spaces
 * and the `no-` of a switch make no difference.
 *
 * @param word The misspelt word.
 * @param known The words that exist.
 * @returns The nearest known word, the first of them if several are; undefined if none is near.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(guessWord("colour", ["key", "color"]), "color");
 * assert.equal(guessWord("theme", ["key", "color"]), undefined);
 * ```
 */
export function guessWord(word: string, known: readonly string[]): string | undefined {
  return guessWords(word, known, 1)[0];
}

/**
 * Finds the known words that are nearest to a misspelt one, as {@linkcode guessWord} does.
 *
 * @param word The misspelt word.
 * @param known The words that exist.
 * @param most How many are wanted.
 * @returns The nearest first. Of equally near ones, the first of `known` is first.
 */
export function guessWords(word: string, known: readonly string[], most: number): string[] {
  if (word.length > MAX_COMPARED_NAME_CHARS) return [];
  const plain = reduce(word);
  // Two different letters of a word of three would leave almost nothing in common.
  const bound = Math.min(MAX_MISSPELT_LETTERS, Math.floor(plain.length / 2));
  return known.map((each) => ({ each, distance: countEdits(plain, reduce(each)) }))
    .filter(({ distance }) => distance <= bound)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ each }) => each);
}

/**
 * Leaves out of a word what people mix up: case, dashes, underscores, and the `no-` of a switch.
 */
function reduce(word: string): string {
  return word.toLowerCase().replace(/^-*(?:no-)?/, "").replaceAll(/[-_ ]/g, "");
}

/**
 * Counts how many letters have to be changed, added, left out or swapped with the next one.
 *
 * @see https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance, "Optimal string alignment"
 */
function countEdits(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? before[j - 2]! + 1 : Infinity;
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1, swap));
    }
    before = row;
    row = next;
  }
  return row[b.length]!;
}
