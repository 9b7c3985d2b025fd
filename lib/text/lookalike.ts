/**
 * Names that look alike though their letters are of different alphabets.
 *
 * The table has the letters of Cyrillic, Greek, Armenian, Cherokee and Lisu that look like Latin ones
 * in common fonts, and digits that look like letters. It is much smaller than the table of Unicode.
 *
 * @module
 * @see https://www.unicode.org/reports/tr39/ "Confusable Detection"
 */

import { foldText } from "./fold.ts";

/** Latin letters, and in the same order those of others that look like them. */
const PAIRS: readonly (readonly [latin: string, others: string])[] = [
  // Cyrillic, small and large.
  ["aceijlopqsvwxyhdb", "асеіјӏорԛѕѵԝхуһԁь"],
  ["ABCEHIJKMOPQSTVWXYY", "АВСЕНІЈКМОРԚЅТѴԜХУҮ"],
  // Greek, small and large.
  ["aiknopuvxyc", "αικηορυνχγϲ"],
  ["ABEZHIKMNOPTYXC", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ"],
  // Armenian, small and large.
  ["ounhgq", "օսոհցզ"],
  ["OSU", "ՕՏՍ"],
  // Cherokee has the shapes of large letters.
  ["DRTGEWMHZSJPKCLBVA", "ᎠᎡᎢᏀᎬᎳᎷᎻᏃᏚᎫᏢᏦᏟᏞᏴᏙᎪ"],
  // Lisu has the shapes of large letters.
  ["ABCDEFGHIJKLMNOPRSTUVWXYZ", "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ"],
  // Latin letters and digits that look like other ones.
  ["iag", "ıɑɡ"],
  ["lo", "10"],
];
const LATIN = new Map(
  PAIRS.flatMap(([latin, others]) => {
    return Array.from(others, (letter, i): [string, string] => [letter, latin[i]!]);
  }),
);
/** Alphabets of which two in one name are a disguise: most of their letters have doubles. */
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
  /\p{Script=Cherokee}/u,
  /\p{Script=Lisu}/u,
];

/**
 * Reduces a name to what people see: two names that have a skeleton in common look alike.
 *
 * @param name Any name.
 * @returns One text or two, for comparing alone. There are two where a large I may be a small L.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(skeletonsOf("аliсе"), ["alice"]);
 * assert.deepEqual(skeletonsOf("aIice"), ["aiice", "alice"]);
 * ```
 */
export function skeletonsOf(name: string): string[] {
  // Large letters look like others than the small ones that they are folded to.
  const latin = toLatin(name);
  // In a name of large letters alone an I is an I.
  const forms = /\p{Ll}/u.test(latin) ? [latin, latin.replaceAll("I", "l")] : [latin];
  return [...new Set(forms.map((form) => toLatin(foldText(form)).replaceAll("rn", "m")))];
}

/**
 * Tells whether a name mixes letters of alphabets that look alike.
 *
 * @param name Any name.
 * @returns True for two or more of Latin, Cyrillic, Greek, Armenian, Cherokee and Lisu.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(mixesAlphabets("аlice"), true);
 * assert.equal(mixesAlphabets("alice漢字"), false);
 * ```
 */
export function mixesAlphabets(name: string): boolean {
  return ALPHABETS.filter((alphabet) => alphabet.test(name.normalize("NFKC"))).length > 1;
}

function toLatin(text: string): string {
  const letters = Array.from(text.normalize("NFD"), (letter) => LATIN.get(letter) ?? letter);
  return letters.join("").normalize("NFC");
}
