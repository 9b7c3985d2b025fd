/**
 * What a client may send to a terminal, and nothing else: its own few sequences, and text that
 * neither moves the cursor nor hides.
 *
 * @module
 */

// deno-lint-ignore-file no-control-regex -- finding control characters is the point
import assert from "node:assert/strict";

/** Of modes, erasing, moving the cursor, colours, the title's stack, and asking for the cursor. */
const SEQUENCE =
  /^\x1b\[(?:\?(?:25|7|2004|2026)[hl]|K|J|C|H|[1-9]\d{0,3}[AG]|[1-9]\d{0,3};1H|(?:\d{1,3}(?:;\d{1,3})*)?m|2[23];2t|6n)/;
/** Title and notifications; their text is looked at by itself. */
const STRING = /^\x1b\](?:2|9|777;notify);([^\x07\x1b]*)\x07/;
/** Whatever is obeyed or not seen, but for joiners and the choice between text and emoji. */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\uFFF9-\uFFFB\u2800\u{13430}-\u{1343F}]|(?![\u200C\u200D\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}/u;
const MARKS = /(?:[\u200C\u200D]*\p{M}){9}/u;

/** Fails unless text is safe to show; `text` must be without line breaks of our own. */
export function assertSafeText(text: string, where = ""): void {
  const found = UNSAFE.exec(text) ?? MARKS.exec(text);
  if (!found) return;
  const around = JSON.stringify(text.slice(Math.max(0, found.index - 30), found.index + 30));
  assert.fail(`U+${found[0].codePointAt(0)!.toString(16)} in ${around} ${where}`);
}

/**
 * Fails unless output has nothing but sequences of ours and safe text.
 *
 * @returns The text in it, with each sequence left out.
 */
export function assertOnlyOurs(output: string, where = ""): string {
  let text = "";
  let rest = output;
  while (rest !== "") {
    const string = STRING.exec(rest);
    const sequence = string ?? SEQUENCE.exec(rest) ?? /^(?:\r\n|\r|\n|\x07)/.exec(rest);
    if (string) assertSafeText(string[1]!, where);
    if (sequence) {
      // A message ends with a line break, and a row of the prompt: so text is looked at by rows.
      if (/[\r\n]/.test(sequence[0])) text += "\n";
      rest = rest.slice(sequence[0].length);
      continue;
    }
    const run = /^[^\x00-\x1f]+/.exec(rest)?.[0];
    if (run === undefined) assert.fail(`${JSON.stringify(rest.slice(0, 40))} ${where}`);
    assertSafeText(run, where);
    text += run;
    rest = rest.slice(run.length);
  }
  return text;
}
