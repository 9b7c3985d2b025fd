/**
 * Folding: texts that differ in letter case or in compatible forms alone get one folded form.
 *
 * @module
 */

/**
 * Folds a text.
 *
 * The folding is Unicode's NFKC with full case folding. Beyond that, the dotless `ı` counts as `i`,
 * and the final `ς` as `σ`. Folding a folded text changes nothing.
 *
 * @param text Any text.
 * @returns The folded form, which may have another length.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(foldText("Straße"), foldText("STRASSE"));
 * assert.equal(foldText("ＡＬＩＣＥ"), "alice");
 * ```
 */
export function foldText(text: string): string {
  // The first lower case makes ß of ẞ. The upper case then makes SS of ß.
  const folded = text.normalize("NFKC").toLowerCase().toUpperCase().toLowerCase();
  return folded.replaceAll("ς", "σ").normalize("NFKC");
}
