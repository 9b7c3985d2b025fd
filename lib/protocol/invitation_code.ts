/**
 * Invitation codes: four words, such as `acorn-cable-dwarf-ship`. The first names a slot of the
 * relay. The other three are the password.
 *
 * The list of words is loaded when it is needed first, so that it slows no program's start.
 *
 * @module
 * @see docs/PROTOCOL.md, "Invitations"
 */

import { UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { guessWords } from "../text/spelling.ts";

/** Words of a code. */
export const CODE_WORD_COUNT = 4;
/** Longest text that is read as a code, in characters: four times the longest one. */
export const MAX_CODE_CHARS = 100;
/** Words that are named in place of one that is not on the list. */
export const MAX_GUESSES = 3;

/** Values of 16 random bits. */
const UINT16_VALUES = 2 ** 16;

/** A code. */
export interface InvitationCode {
  /** The name of the slot: a word of the list. */
  readonly slot: string;
  /** Three words of the list with dashes between them. */
  readonly password: string;
}

/** Makes a code of four random words. */
export async function makeCode(): Promise<InvitationCode> {
  const words = await loadWords();
  // Numbers from here on would make the first words of the list come more often.
  const end = UINT16_VALUES - UINT16_VALUES % words.length;
  const chosen: string[] = [];
  while (chosen.length < CODE_WORD_COUNT) {
    const [random] = crypto.getRandomValues(new Uint16Array(1)) as Uint16Array;
    if (random! < end) chosen.push(words[random! % words.length]!);
  }
  return join(chosen);
}

/** Writes a code as people pass it on: lower case, with dashes. */
export function formatCode({ slot, password }: InvitationCode): string {
  return `${slot}-${password}`;
}

/**
 * Reads a code as people write it: in any case, with spaces or dashes.
 *
 * @throws {UsageError} If there are not four words, or if one is not on the list.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const code = await parseCode(" Acorn cable DWARF-ship\n");
 * assert.deepEqual(code, { slot: "acorn", password: "cable-dwarf-ship" });
 * ```
 */
export async function parseCode(text: string): Promise<InvitationCode> {
  if (text.length > MAX_CODE_CHARS) throw refuse();
  const words = splitWords(text);
  for (const word of words) await checkWord(word);
  if (words.length !== CODE_WORD_COUNT) throw refuse();
  return join(words);
}

/**
 * Checks one word of a code that is being written.
 *
 * @param word The word, in lower case.
 * @throws {UsageError} If the word is not on the list. The hint names words that are near.
 */
export async function checkWord(word: string): Promise<void> {
  const words = await loadWords();
  if (words.includes(word)) return;
  const near = guessWords(word, words, MAX_GUESSES);
  throw new UsageError(
    worded("Not a word of invitation codes: {word}", { word: JSON.stringify(word) }),
    near.length > 0
      ? worded("Did you mean {name}?", { name: near.join(", ") })
      : worded("Ask for the four words again: each stands on a list."),
  );
}

/**
 * Completes the last word of a code that is being written.
 *
 * @param text What was written so far.
 * @returns The words of the list that begin with the last word of `text`, which may be empty.
 */
export async function completeWord(text: string): Promise<string[]> {
  const [last] = /[^\s\p{Pd}]*$/u.exec(text.slice(-MAX_CODE_CHARS).toLowerCase())!;
  return (await loadWords()).filter((word) => word.startsWith(last));
}

/**
 * Completes a code that is being written.
 *
 * @param text What was written so far.
 * @returns The text with as many letters of its last word as all words have that it may become. A
 * dash stands behind a word that is whole, unless it is the last one.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(await completeCode("acor"), "acorn-");
 * ```
 */
export async function completeCode(text: string): Promise<string> {
  const words = await completeWord(text);
  const [first] = words;
  if (first === undefined) return text;
  let shared = first.length;
  while (!words.every((word) => word.startsWith(first.slice(0, shared)))) shared--;
  const typed = /[^\s\p{Pd}]*$/u.exec(text)![0].length;
  const isLast = splitWords(text).length >= CODE_WORD_COUNT;
  const ending = words.length > 1 || isLast ? "" : "-";
  return text + first.slice(typed, shared) + ending;
}

/** Splits at spaces and at dashes of any kind. */
function splitWords(text: string): string[] {
  return text.toLowerCase().split(/[\s\p{Pd}]+/u).filter((word) => word !== "");
}

function join([slot, ...rest]: readonly string[]): InvitationCode {
  return { slot: slot!, password: rest.join("-") };
}

function refuse(): UsageError {
  return new UsageError(
    worded("Not an invitation code: it does not have {count} words", { count: CODE_WORD_COUNT }),
    worded("A code looks like {code}.", { code: "acorn-cable-dwarf-ship" }),
  );
}

async function loadWords(): Promise<readonly string[]> {
  const { CODE_WORDS } = await import("../text/code_words.ts");
  return CODE_WORDS;
}
