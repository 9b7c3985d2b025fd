/**
 * Wordings: a phrase with its values, before the reader's language is known.
 *
 * An error carries a wording. The program that shows the error says the wording in the reader's
 * language.
 *
 * @module
 */

import type { Phrase, Values, Wording } from "./phrases.ts";

export type { Wording };

/**
 * Makes a wording.
 *
 * @param phrase A phrase of the catalogue.
 * @param values The values for its `{names}`, if it has any.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "./say.ts";
 * const reason = worded("{path} cannot be read", { path: "a.key" });
 * const wording = worded("Cannot load key: {reason}", { reason });
 * assert.equal(sayIn("fr")(wording), "Impossible de lire la clé : a.key est illisible");
 * ```
 */
export function worded<P extends Phrase>(phrase: P, ...[values]: Values<P>): Wording {
  return { phrase, values: values ?? {} };
}

/**
 * Writes a wording: puts the values in place of the `{names}`.
 *
 * @param wording The wording.
 * @param translate Translates a phrase, with its `{names}`. By default the text is in English.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(fill(worded("ignored: {names}", { names: "eve" })), "ignored: eve");
 * ```
 */
export function fill(wording: Wording, translate: (phrase: string) => string = String): string {
  const { phrase, values } = wording;
  return translate(phrase).replace(/\{(\w+)\}/g, (all, name: string) => {
    const value = values[name];
    return value === undefined
      ? all
      : typeof value === "object"
      ? fill(value, translate)
      : `${value}`;
  });
}
