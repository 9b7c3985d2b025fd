/**
 * The catalogue of phrases: all that programs say to people, in English and in French.
 *
 * The English text of a phrase is its key. A phrase that the catalogue does not have fails the type
 * check. `{name}` in a phrase stands for a value.
 *
 * @module
 * @see https://www.gnu.org/software/gettext/manual/html_node/Concepts.html
 */

import { CLI } from "./cli.ts";
import { CLUSTER } from "./cluster.ts";
import { COMMANDS } from "./commands.ts";
import { FAILURES } from "./failures.ts";
import { HISTORY } from "./history.ts";
import { KEEPING } from "./keeping.ts";
import { INVITATIONS } from "./invitations.ts";
import { KEYS } from "./keys.ts";
import { FILES } from "./files.ts";
import { OPERATING } from "./operating.ts";
import { OWNERSHIP } from "./ownership.ts";
import { ROTATION } from "./rotation.ts";
import { ROOM } from "./room.ts";
import { TERMINAL } from "./terminal.ts";
import { TLS } from "./tls.ts";

/** The French of each phrase, by its English. */
export const FRENCH = {
  ...ROOM,
  ...ROTATION,
  ...COMMANDS,
  ...TERMINAL,
  ...CLI,
  ...KEEPING,
  ...FAILURES,
  ...HISTORY,
  ...INVITATIONS,
  ...OPERATING,
  ...OWNERSHIP,
  ...FILES,
  ...CLUSTER,
  ...KEYS,
  ...TLS,
} as const;

/** A language that programs speak. */
export type Language = "en" | "fr";

/** The English of a phrase of the catalogue. */
export type Phrase = keyof typeof FRENCH;

/** A value of a phrase. A value that is a wording is said in the same language as the phrase. */
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

/** The values that a phrase takes, as the rest of a function's parameters. */
export type Values<P extends string> = [Names<P>] extends [never] ? []
  : [values: Readonly<Record<Names<P>, Value>>];

/** A phrase that takes no values. */
export type PlainPhrase = { [P in Phrase]: [Names<P>] extends [never] ? P : never }[Phrase];

/** Says a phrase with its values, or a wording, in one language. */
export type Say = <P extends Phrase | Wording>(
  phrase: P,
  ...values: [P] extends [Phrase] ? Values<P> : []
) => string;
