/**
 * JSON that is safe on a terminal, and whose values are unchanged.
 *
 * @module
 * @see docs/JSON.md, "Text"
 */

import { MAX_COMBINING_MARKS } from "./sanitize.ts";

/** What a terminal obeys or hides; below U+0020 JSON escapes it anyway. */
const UNSAFE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2800]/gu;
/** Marks on top of as many as a character may have. */
const EXCESS_MARKS = new RegExp(`(?<=\\p{M}{${MAX_COMBINING_MARKS}})\\p{M}`, "gu");

/**
 * Writes a value as one line of JSON.
 *
 * Control, bidi and invisible characters are escaped, as are more than eight combining marks in a
 * row and lone surrogates: a terminal that the line is shown on is safe, and who parses it gets
 * every text as it was.
 *
 * @param value Anything that JSON can hold.
 * @returns The line with its LF; what `sanitize()` makes of it is the same.
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
 * Escapes what a terminal obeys or hides.
 *
 * @param json JSON; line breaks outside of its texts are escaped too.
 * @returns JSON of the same value.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(escapeUnsafe('"a\u202eb"'), '"a\\u202eb"');
 * ```
 */
export function escapeUnsafe(json: string): string {
  return json.replace(EXCESS_MARKS, escape).replace(UNSAFE, escape);
}

/** As JSON does: one escape for each UTF-16 unit. */
function escape(character: string): string {
  return character.split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
