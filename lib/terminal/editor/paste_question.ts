/**
 * The question before a long paste.
 *
 * @module
 */

import type { Say } from "../../messages/phrases.ts";
import type { TtyEvent } from "../input/input_events.ts";
import { findBinding } from "./bindings.ts";

/** Lines that are pasted without a question: more may be a mistake, and go to everybody. */
export const MAX_UNASKED_PASTE_LINES = 10;

/**
 * Tells whether a paste needs a question: it has more than `MAX_UNASKED_PASTE_LINES` lines.
 *
 * @param text What was pasted, its line breaks as LF.
 * @returns Whether to ask.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(mustAsk("one\ntwo"), false);
 * ```
 */
export function mustAsk(text: string): boolean {
  return countLines(text) > MAX_UNASKED_PASTE_LINES;
}

/**
 * Takes the end of the last line off: people copy it with the line, and do not mean a line more.
 *
 * @param text What was pasted, its line breaks as LF.
 * @returns The text that is meant.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(endPaste("one\ntwo\n"), "one\ntwo");
 * ```
 */
export function endPaste(text: string): string {
  return text.replace(/\n$/, "");
}

/**
 * Words the question.
 *
 * @param text What was pasted.
 * @param say In which language.
 * @returns The question.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * assert.equal(askToPaste("a\nb", sayIn("en")), "Paste 2 lines as one message? (y/n)");
 * ```
 */
export function askToPaste(text: string, say: Say): string {
  return say("Paste {lines} lines as one message? (y/n)", { lines: countLines(text) });
}

/**
 * Reads the answer: Enter, `y` and its translation are yes, Escape and `n` no.
 *
 * @param event What came from the keyboard.
 * @param say In which language.
 * @returns Yes or no; `undefined` for what is no answer.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * assert.equal(readAnswer({ kind: "text", text: "o" }, sayIn("fr")), true);
 * ```
 */
export function readAnswer(event: TtyEvent, say: Say): boolean | undefined {
  if (event.kind === "keypress") {
    const binding = findBinding(event);
    return binding === "submit" ? true : binding === "cancel" ? false : undefined;
  }
  if (event.kind !== "text") return;
  const answer = event.text.toLowerCase();
  if (answer === "y" || answer === say("y")) return true;
  return answer === "n" ? false : undefined;
}

function countLines(text: string): number {
  return text.split("\n").length;
}
