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

/** A value of a phrase; one that is worded itself is said in the language of the whole. */
export type Value = string | number | Wording;

/** A phrase of the catalogue, and the values for its `{names}`. */
export interface Wording {
  readonly phrase: string;
  readonly values: Readonly<Record<string, Value>>;
}

/** The names of the values that a phrase takes. */
type Names<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** The values of a phrase; none for one that takes none. */
export type Values<P extends string> = [Names<P>] extends [never] ? []
  : [values: Readonly<Record<Names<P>, Value>>];

/** A phrase that takes no values. */
export type PlainPhrase = { [P in Phrase]: [Names<P>] extends [never] ? P : never }[Phrase];

/** Says a phrase, or what was worded before, in one language. */
export type Say = <P extends Phrase | Wording>(
  phrase: P,
  ...values: [P] extends [Phrase] ? Values<P> : []
) => string;
