/**
 * Texts and names of others, safe to show and within bounds.
 *
 * @module
 */

import { MAX_NICKNAME_BYTES } from "../../protocol/limits.ts";
import { sanitize } from "../../text/sanitize.ts";

/** Line breaks of one message that are kept: more would push all else off the screen. */
export const MAX_SHOWN_BREAKS = 60;
/** Line breaks of the rest that are marked: each takes 3 µs to lay out, and the others none. */
export const MAX_MARKED_BREAKS = 1000;

/** The line breaks that {@linkcode sanitize} knows. */
const BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
const PLAIN_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.'’-]*$/u;

/**
 * Makes the text of a message safe to show, line by line.
 *
 * @param text Any text.
 * @returns The text with line feeds for its first 60 line breaks, ` ⏎ ` for the next 1,000, and a
 * space for each of the rest. An empty message therefore cannot push all others off the screen.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(safeLines("a\r\nb\x1b[2J"), "a\nb␛[2J");
 * ```
 */
export function safeLines(text: string): string {
  const lines: string[] = [];
  let start = 0;
  for (const { 0: lineBreak, index } of text.matchAll(BREAKS)) {
    if (lines.length === MAX_SHOWN_BREAKS) break;
    lines.push(sanitize(text.slice(start, index)));
    start = index + lineBreak.length;
  }
  let marked = 0;
  const rest = text.slice(start).replace(BREAKS, (lineBreak) => {
    return ++marked > MAX_MARKED_BREAKS ? " " : lineBreak;
  });
  return [...lines, sanitize(rest)].join("\n");
}

/**
 * Makes a nickname safe to show, and unable to pass for something else.
 *
 * @param nickname Any text; of more than a member's 32 bytes the beginning is shown.
 * @param reserved Words that no nickname may look like.
 * @returns The name as it is if it is made of letters, digits and `_.'-`, and not reserved; else
 * the name in angle brackets, which no member's nickname has. Without them, `--` and `you` would
 * look like marks of the client itself.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(safeName("alice"), "alice");
 * assert.equal(safeName("--"), "<-->");
 * ```
 */
export function safeName(nickname: string, reserved: readonly string[] = []): string {
  const isLong = nickname.length > MAX_NICKNAME_BYTES;
  const name = sanitize(isLong ? `${nickname.slice(0, MAX_NICKNAME_BYTES)}…` : nickname);
  const isPlain = PLAIN_NAME.test(name) && !reserved.includes(name.toLowerCase());
  return isPlain ? name : `<${name}>`;
}
