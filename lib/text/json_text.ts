/**
 * JSON that is safe on a terminal, and whose values are unchanged.
 *
 * @module
 * @see docs/JSON.md, "Text"
 */

import { MAX_COMBINING_MARKS } from "./sanitize.ts";

/** Characters that a terminal obeys or hides. `JSON.stringify()` escapes those below U+0020. */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800]/gu;
/** Combining marks beyond those that one character may have. */
const EXCESS_MARKS = new RegExp(`(?<=\\p{M}{${MAX_COMBINING_MARKS}})\\p{M}`, "gu");

/**
 * Writes a value as one line of JSON.
 *
 * Control, bidi and invisible characters are escaped. Lone surrogates and the ninth and further
 * combining marks in a row are escaped, too. The line is safe on a terminal, and a program that
 * parses it gets every text unchanged.
 *
 * @param value Anything that JSON can hold.
 * @returns The line with its LF. `sanitize()` changes nothing before the LF.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = formatJsonLine({ text: "a\u202eb\x9b\n" });
 * assert.equal(line, '{"text":"a\\u202eb\\u009b\\n"}\n');
 * ```
 */
export function formatJsonLine(value: object): string {
  return escapeUnsafe(JSON.stringify(value)) + "\n";
}

/**
 * Escapes the characters that a terminal obeys or hides.
 *
 * @param json JSON on one line. A line break between its values would be escaped, and break it.
 * @returns JSON of the same value.
 */
export function escapeUnsafe(json: string): string {
  return json.replace(EXCESS_MARKS, escape).replace(UNSAFE, escape);
}

/** Escapes a character as JSON does: one escape for each UTF-16 unit. */
function escape(character: string): string {
  return character.split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
