/**
 * Styled text as rows under a hanging indent.
 *
 * @module
 */

import { drawRow, type Item, type RowSpan } from "./draw.ts";
import type { Theme } from "./theme.ts";
import { wrapText } from "./wrap.ts";

/** A hanging indent takes at most the width divided by this. */
const MAX_INDENT_SHARE = 3;
/** A hanging indent where that is too little, in columns: as small as can be seen. */
const SMALL_INDENT = 2;

/**
 * Lays out text, when its turn comes.
 *
 * All rows but the first are indented, so that one text does not look like two. A URL, a key or a
 * path that needs a row of its own is not indented.
 *
 * @param spans Safe to show but for line feeds, which begin new rows.
 * @param options `indent`: columns of the hanging indent; where that is more than a third of the
 * terminal, it is 2. `theme`: how it looks.
 * @returns What lays it out for a width.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeTheme } from "./theme.ts";
 * const spans = [{ text: "a b\nc", style: "plain" }] as const;
 * const item = layOut(spans, { indent: 2, theme: makeTheme(0) });
 * assert.deepEqual(item(80), ["a b", "  c"]);
 * ```
 */
export function layOut(
  spans: readonly RowSpan[],
  { indent, theme }: { readonly indent: number; readonly theme: Theme },
): Item {
  const text = spans.map((span) => span.text).join("");
  return (columns) => {
    const hanging = indent * MAX_INDENT_SHARE <= columns ? indent : SMALL_INDENT;
    const cut = cutter(spans);
    return wrapText(text, { columns, indent: hanging }).map(({ start, end, indent }) => {
      const margin: RowSpan = { text: " ".repeat(indent), style: "plain" };
      return drawRow([margin, ...cut(start, end)], { theme, columns });
    });
  };
}

/** Cuts pieces out of spans, each behind the one before. */
function cutter(spans: readonly RowSpan[]): (start: number, end: number) => RowSpan[] {
  let index = 0;
  let offset = 0;
  return (start, end) => {
    const pieces: RowSpan[] = [];
    for (; index < spans.length; index++) {
      const span = spans[index]!;
      const text = span.text.slice(Math.max(0, start - offset), Math.max(0, end - offset));
      if (text !== "") pieces.push({ ...span, text });
      if (offset + span.text.length > end) break;
      offset += span.text.length;
    }
    return pieces;
  };
}
