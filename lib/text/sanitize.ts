/**
 * Makes text from others safe to show. Safe text cannot move the cursor, set the clipboard, hide or
 * reverse text, or draw over other lines.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Remote text"
 */

/**
 * Combining marks that are kept on one character. Burmese needs five; many draw over other lines.
 */
export const MAX_COMBINING_MARKS = 8;

/** The picture of a line break in a text that must stay on one line. */
const LINE_BREAK = " ⏎ ";
const TAB = "    ";
/** The first of the pictures of the control characters, in the order of these characters. */
const CONTROL_PICTURES = 0x2400;
const DELETE_PICTURE = "\u2421";
const REPLACEMENT = "\uFFFD";

const EMOJI = "(?:\\p{Extended_Pictographic}|\\p{Emoji_Modifier}|[0-9#*\\uFE0F\\u20E3])";
/** Scripts in which a joiner or non-joiner changes how words are spelled. */
const JOINING = "[\\p{Script=Arabic}\\p{Script=Syriac}\\p{Script=Mongolian}\\p{Script=Devanagari}" +
  "\\p{Script=Bengali}\\p{Script=Gurmukhi}\\p{Script=Gujarati}\\p{Script=Oriya}\\p{Script=Tamil}" +
  "\\p{Script=Telugu}\\p{Script=Kannada}\\p{Script=Malayalam}\\p{Script=Sinhala}]";

/** Signs of the scripts of India after which a joiner may end a word. */
const VIRAMA = "[\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA]";

/** Text that is safe as it is: visible ASCII, which most text is made of. */
const SAFE = /^[ -~]*$/;
const BREAKS = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/g;
// deno-lint-ignore no-control-regex -- finding control characters is the point
const CONTROLS = /[\u0000-\u001F\u007F-\u009F]/g;
const INVISIBLE =
  /(?![\u200C\u200D\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}|[\uFFF9-\uFFFB\u2800\u{13430}-\u{1343F}]/gu;
const NONCHARACTERS = /\p{Noncharacter_Code_Point}/gu;
/** Variation selectors 15 and 16 choose how an emoji looks. They are stray after anything else. */
const STRAY_SELECTORS = /(?<!\p{Emoji})[\uFE0E\uFE0F]/gu;
const EXCESS_MARKS = new RegExp(
  `((?:[\\u200C\\u200D]?\\p{M}){${MAX_COMBINING_MARKS}})(?:[\\u200C\\u200D]*\\p{M})+`,
  "gu",
);
/** Joiners. The group has those that stand where they do not belong. */
const JOINERS = new RegExp(
  `(?<=${EMOJI})\\u200D(?=\\p{Extended_Pictographic})` +
    `|(?<=${JOINING})[\\u200C\\u200D](?=${JOINING})|(?<=${VIRAMA})\\u200D` +
    "|([\\u200C\\u200D])",
  "gu",
);

/**
 * Makes text safe to show on one line of a terminal.
 *
 * - A line break becomes ` ⏎ `, and a tab becomes four spaces.
 * - Other control characters become their pictures (ESC is `␛`).
 * - Invisible characters go: bidi overrides, zero-width and tag characters. The joiners that emoji
 *   and some scripts need stay.
 * - On one character, eight combining marks stay.
 * - Lone surrogates and noncharacters become `�`.
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
  if (SAFE.test(text)) return text;
  return text
    .toWellFormed()
    .replace(BREAKS, LINE_BREAK)
    .replaceAll("\t", TAB)
    .replace(CONTROLS, pictureControl)
    .replace(NONCHARACTERS, REPLACEMENT)
    .replace(INVISIBLE, "")
    .replace(STRAY_SELECTORS, "")
    .replace(EXCESS_MARKS, "$1")
    .replace(JOINERS, (kept: string, stray?: string) => stray === undefined ? kept : "");
}

function pictureControl(control: string): string {
  const code = control.charCodeAt(0);
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
  return code === 0x7f ? DELETE_PICTURE : REPLACEMENT;
}

/**
 * Tells whether a text shows nothing: no character of it leaves a mark on the screen.
 *
 * @param text Any text.
 * @returns True for "", for spaces and line breaks of any kind, and for what is invisible.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(isBlank(" \u00a0\u200b\n"), true);
 * assert.equal(isBlank(" ."), false);
 * ```
 */
export function isBlank(text: string): boolean {
  return sanitize(text.replace(/\s/gu, "")) === "";
}

/**
 * Puts a text on one line, so that no part of the text looks like a line of the client itself.
 *
 * @param text Any text, from anybody.
 * @returns The text with ` ⏎ ` for each line break. It is not safe to show yet.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(oneLine("lunch\n-- bob left"), "lunch ⏎ -- bob left");
 * ```
 */
export function oneLine(text: string): string {
  return text.replace(BREAKS, LINE_BREAK);
}
