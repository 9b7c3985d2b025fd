/**
 * What is said where the reader's language is not known, as by an error that is thrown.
 *
 * @module
 */

import type { Phrase, Values, Wording } from "./phrases.ts";

export type { Wording };

/**
 * Words something, in no language yet.
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
 * Fills in the values of a wording.
 *
 * @param wording The wording.
 * @param translate Gives the template for a phrase; the phrase itself unless it is given: English.
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
