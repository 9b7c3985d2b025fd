/**
 * Says phrases in the reader's language.
 *
 * @module
 */

import {
  FRENCH,
  type Language,
  type Phrase,
  type Say,
  type Value,
  type Wording,
} from "./phrases.ts";
import { fill } from "./wording.ts";

/**
 * Makes the function that says phrases in one language.
 *
 * @returns A function from an English phrase, and the values for its `{names}`, to the text.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const say = sayIn("fr");
 * assert.equal(say("{nickname} joined", { nickname: "alice" }), "alice a rejoint le salon");
 * ```
 */
export function sayIn(language: Language): Say {
  const translate = language === "fr"
    ? (phrase: string) => FRENCH[phrase as Phrase] ?? phrase
    : undefined;
  return (phrase: string | Wording, values: Readonly<Record<string, Value>> = {}) => {
    return fill(typeof phrase === "object" ? phrase : { phrase, values }, translate);
  };
}

/**
 * Chooses the language as POSIX does: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
 *
 * @param env Looks up an environment variable.
 * @returns French if that variable begins with `fr`, as in `fr_CA.UTF-8`; else English.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(chooseLanguage((name) => name === "LANG" ? "fr_CA.UTF-8" : undefined), "fr");
 * ```
 */
export function chooseLanguage(env: (name: string) => string | undefined): Language {
  const locale = env("LC_ALL") || env("LC_MESSAGES") || env("LANG") || "";
  return /^fr(?:[_.@]|$)/i.test(locale) ? "fr" : "en";
}
