/**
 * Which nicknames a word may be the beginning of.
 *
 * @module
 */

import { foldNickname } from "../protocol/nickname.ts";

/** Signs in front of a word that are left aside at most: a bracket, two quotes and an `@`. */
export const MAX_OPENING_SIGNS = 4;

/** What may stand in front of a name, as in `(bob`, `@bob` and `"bob"`; a slash is of a path. */
const OPENING = /^[^\p{L}\p{M}\p{N}\s/]/u;
const ACCENTS = /[\u0300-\u036f]/g;
/** Letters that Unicode does not take apart, and what people without such a keyboard type. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  æ: "ae",
  đ: "d",
  ð: "d",
  ħ: "h",
  ł: "l",
  ø: "o",
  œ: "oe",
  þ: "th",
};
const SPECIAL = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");

/** The end of a line, and the names that it may become. */
export interface NicknameMatch {
  /** Characters in front of the name: brackets, quotes, `@`. */
  readonly opening: string;
  /** The best first. */
  readonly names: readonly string[];
}

/**
 * Finds the names that a word begins.
 *
 * A name that begins as it was typed, whatever its case, comes before one that does so without its
 * accents and the signs in front of it. Signs in front of the word are left aside if there is no
 * name with them.
 *
 * @param word What was typed, without white space.
 * @param names The names, the best first.
 * @returns The matching ones; none if none does.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(matchNicknames("eli", ["Élise"]), { opening: "", names: ["Élise"] });
 * assert.deepEqual(matchNicknames("(kit", ["[kit]"]), { opening: "(", names: ["[kit]"] });
 * ```
 */
export function matchNicknames(word: string, names: readonly string[]): NicknameMatch {
  let opening = "";
  for (let signs = 0; signs < MAX_OPENING_SIGNS; signs++) {
    const typed = word.slice(opening.length);
    const found = startingWith(typed, names);
    const next = OPENING.exec(typed);
    if (found.length > 0 || !next) return { opening, names: found };
    opening += next[0];
  }
  return { opening, names: startingWith(word.slice(opening.length), names) };
}

function startingWith(typed: string, names: readonly string[]): string[] {
  const exact = foldNickname(typed);
  const begins = names.filter((name) => foldNickname(name).startsWith(exact));
  const plain = simplify(typed);
  // A word of signs alone is no beginning of a name without its signs.
  if (plain === "") return begins;
  const others = names.filter((name) => {
    return !begins.includes(name) &&
      [simplify(name), simplify(name.replace(/^[^\p{L}\p{N}]+/u, ""))]
        .some((form) => form.startsWith(plain));
  });
  return [...begins, ...others];
}

/** A name as it is typed without accents. */
function simplify(text: string): string {
  const letters = foldNickname(text).normalize("NFD").replace(ACCENTS, "").normalize("NFC");
  return letters.replace(SPECIAL, (letter) => PLAIN_LETTERS[letter]!);
}
