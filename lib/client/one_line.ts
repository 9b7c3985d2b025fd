/**
 * Texts of others within lines that the client itself says.
 *
 * @module
 */

/**
 * Puts a text on one line, so that no part of it passes for a line of the client's own.
 *
 * @param text Any text, from anybody.
 * @returns The text with ` ⏎ ` for each of its line breaks; it is not safe to show yet.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(oneLine("lunch\n-- bob left"), "lunch ⏎ -- bob left");
 * ```
 */
export function oneLine(text: string): string {
  return text.replace(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/g, " ⏎ ");
}
