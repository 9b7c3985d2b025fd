/**
 * Texts with gaps, matched without a regular expression: in time that grows with
 * the text's length alone, whatever the text.
 *
 * @module
 */

/** The literal pieces of a template, and the names of the gaps between them. */
export interface Template {
  /** One more than there are names; those at the ends may be empty. */
  readonly pieces: readonly string[];
  readonly names: readonly string[];
}

/**
 * Takes a template apart.
 *
 * @param text Text with `{names}`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const template = parseTemplate("there is no {path}");
 * assert.deepEqual(template, { pieces: ["there is no ", ""], names: ["path"] });
 * ```
 */
export function parseTemplate(text: string): Template {
  const parts = text.split(/\{(\w+)\}/);
  return {
    pieces: parts.filter((_, i) => i % 2 === 0),
    names: parts.filter((_, i) => i % 2 === 1),
  };
}

/**
 * Fits a text into a template; each gap is as short as it can be, but never empty.
 *
 * @param template As `parseTemplate()` makes it.
 * @param text The text.
 * @returns What is in the gaps, in their order; undefined if it does not fit.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const template = parseTemplate("{path} cannot be read");
 * assert.deepEqual(matchTemplate(template, "/a b cannot be read"), ["/a b"]);
 * assert.equal(matchTemplate(template, "/a b"), undefined);
 * ```
 */
export function matchTemplate({ pieces }: Template, text: string): string[] | undefined {
  if (pieces.length === 1) return text === pieces[0] ? [] : undefined;
  const first = pieces[0]!;
  const last = pieces.at(-1)!;
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const end = text.length - last.length;
  const gaps: string[] = [];
  let start = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const next = text.indexOf(piece, start + 1);
    if (next < 0 || next + piece.length > end) return undefined;
    gaps.push(text.slice(start, next));
    start = next + piece.length;
  }
  if (start >= end) return undefined;
  gaps.push(text.slice(start, end));
  return gaps;
}
