/**
 * The catalogue: whatever programs say to people, in English and in French.
 *
 * The English text is the key, so that code reads as what it says, and a phrase
 * that is in no catalogue does not type-check.
 *
 * @module
 * @see https://www.gnu.org/software/gettext/manual/html_node/Concepts.html
 */

import { CLI } from "./cli.ts";
import { COMMANDS } from "./commands.ts";
import { FAILURES } from "./failures.ts";
import { ROOM } from "./room.ts";
import { TERMINAL } from "./terminal.ts";

/** French by English. */
export const FRENCH = { ...ROOM, ...COMMANDS, ...TERMINAL, ...CLI, ...FAILURES } as const;

/** A language that programs speak. */
export type Language = "en" | "fr";

/** An English phrase of the catalogue. */
export type Phrase = keyof typeof FRENCH;

/** The names of the values that a phrase takes. */
type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** The values of a phrase; none for one that takes none. */
type Values<P extends string> = [Names<P>] extends [never] ? []
  : [values: Readonly<Record<Names<P>, string | number>>];

/** A phrase that takes no values. */
export type PlainPhrase = { [P in Phrase]: [Names<P>] extends [never] ? P : never }[Phrase];

/** Says a phrase in one language. */
export type Say = <P extends Phrase>(phrase: P, ...values: Values<P>) => string;

/**
 * Makes what says phrases.
 *
 * @param language In which language.
 * @returns A function from an English phrase, and values for its `{names}`, to the text.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const say = sayIn("fr");
 * assert.equal(say("{nickname} joined", { nickname: "alice" }), "alice a rejoint le salon");
 * ```
 */
export function sayIn(language: Language): Say {
  return (phrase, ...[values]) => {
    const template = language === "fr" ? FRENCH[phrase] : phrase;
    return fill(template, values ?? {});
  };
}

/**
 * Chooses the language as POSIX does: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set.
 *
 * @param env Looks up an environment variable.
 * @returns French where that variable says so, else English.
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

function fill(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{(\w+)\}/g, (all, name: string) => String(values[name] ?? all));
}
