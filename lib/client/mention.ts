/**
 * Whether a text names somebody.
 *
 * @module
 */

/**
 * Looks for a nickname in a text, as a word of its own.
 *
 * @param text Any text.
 * @param nickname Whose.
 * @returns Whether it is there, whatever its case.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.ok(isMentioned("Alice: look", "alice"));
 * assert.ok(!isMentioned("malice", "alice"));
 * ```
 */
export function isMentioned(text: string, nickname: string): boolean {
  const folded = fold(text);
  const name = fold(nickname);
  for (let at = folded.indexOf(name); at >= 0; at = folded.indexOf(name, at + 1)) {
    const before = folded.slice(Math.max(0, at - 2), at);
    const after = folded.slice(at + name.length, at + name.length + 2);
    if (!/[\p{L}\p{M}\p{N}_]$/u.test(before) && !/^[\p{L}\p{M}\p{N}_]/u.test(after)) return true;
  }
  return false;
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
