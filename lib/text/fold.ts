/**
 * Text made comparable: what differs in letter case or in compatible forms alone becomes one.
 *
 * @module
 */

/**
 * Folds a text.
 *
 * This is Unicode's NFKC with full case folding, and two steps further: the dotless `ı` counts as
 * `i`, and the final `ς` as `σ`. Folding twice changes nothing more.
 *
 * @param text Any text.
 * @returns Its folded form, which may have another length.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(foldText("Straße"), foldText("STRASSE"));
 * assert.equal(foldText("ＡＬＩＣＥ"), "alice");
 * ```
 */
export function foldText(text: string): string {
  // Lower case makes ẞ and ß one, upper case then ß and SS.
  const folded = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase();
  return folded.replaceAll("ς", "σ").normalize("NFKC");
}
