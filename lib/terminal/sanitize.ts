/**
 * Makes text from others safe to show: it cannot move the cursor, set the
 * clipboard, hide, reverse or overdraw.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Remote text"
 */

import { MAX_COMBINING_MARKS } from "../limits.ts";

/** Stands for a line break where a message must stay on one line. */
const LINE_BREAK = " ⏎ ";
const TAB = "    ";
/** U+2400 and following picture the control characters from 0 on. */
const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = "\u2421";
const REPLACEMENT = "\uFFFD";

const EMOJI = "(?:\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|[0-9#*\\uFE0F\\u20E3])";
/** Scripts in which a joiner or non-joiner changes how words are spelled. */
const JOINING = "[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}" +
  "\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}" +
  "\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}]";

const BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
// deno-lint-ignore no-control-regex -- finding control characters is the point
const CONTROLS = /[\u0000-\u001F\u007F-\u009F]/g;
/** Invisible, yet legitimate in one context: everything else invisible goes. */
const INVISIBLE = new RegExp(
  `(?<=${EMOJI})\\u200D(?=\\p{Extended_Pictographic})|(?<=[${"\\p{Emoji}"}])[\\uFE0E\\uFE0F]` +
    `|(?<=${JOINING})[\\u200C\\u200D](?=${JOINING})` +
    `|(\\p{Default_Ignorable_Code_Point}|[\\uFFF9-\\uFFFB\\u2800])`,
  "gu",
);
const EXCESS_MARKS = new RegExp(`(\\p{M}{${MAX_COMBINING_MARKS}})\\p{M}+`, "gu");

/**
 * Makes text safe to show on one line of a terminal.
 *
 * Line breaks become ` ⏎ `, tabs four spaces, control characters their
 * pictures (ESC is `␛`); invisible characters (bidi overrides, zero-width and
 * tag characters) go, except the joiners that emoji and some scripts need; of
 * a pile of combining marks four stay; lone surrogates become `�`.
 *
 * @param text Any text, of any length.
 * @returns Text without control characters.
 * @see https://www.unicode.org/reports/tr36/ "Unicode Security Considerations"
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(sanitize("a\nb\x1b[2J"), "a ⏎ b␛[2J");
 * ```
 */
export function sanitize(text: string): string {
  return text
    .toWellFormed()
    .replace(BREAKS, LINE_BREAK)
    .replaceAll("\t", TAB)
    .replace(CONTROLS, pictureControl)
    .replace(INVISIBLE, (kept: string, removed?: string) => removed === undefined ? kept : "")
    .replace(EXCESS_MARKS, "$1");
}

function pictureControl(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
  return code === 0x7f ? DELETE_PICTURE : REPLACEMENT;
}
