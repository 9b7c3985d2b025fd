/**
 * Lays the prompt and the draft out on rows of the terminal.
 *
 * @module
 */

import { type Cluster, splitPieces } from "../../text/cluster.ts";
import type { PromptView, Span } from "./prompt_view.ts";
import { RowFiller } from "./row_filler.ts";
import { clusterShower, isStretch, showClusters } from "./shown_cluster.ts";

/** Least indent that can be seen, in columns. */
const SMALL_INDENT = 2;

/** What is laid out, and where. */
export interface PromptLayoutOptions {
  readonly prompt: readonly Span[];
  /** The draft. */
  readonly text: string;
  /** Where the cursor is in it, in UTF-16 units. */
  readonly cursor: number;
  /** Part of the draft that is shown as `match`. */
  readonly match?: { readonly start: number; readonly end: number };
  /** Width of the terminal, 1 at least. */
  readonly columns: number;
  /** Most rows to show, 1 at least. */
  readonly maxRows: number;
}

/**
 * Lays a draft out behind its prompt. Further rows are indented as far as the
 * prompt is wide, or a little if it takes more than half of the row.
 *
 * @param options What and where.
 * @returns The rows around the cursor; none is wider than the terminal.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const prompt = [{ text: "> ", style: "prompt" }] as const;
 * const view = layOutPrompt({ prompt, text: "abc", cursor: 3, columns: 4, maxRows: 9 });
 * assert.deepEqual(view.rows, [
 *   [prompt[0], { text: "ab", style: "plain" }],
 *   [{ text: "  c", style: "plain" }],
 * ]);
 * assert.deepEqual(view.cursor, { row: 1, column: 3 });
 * ```
 */
export function layOutPrompt(options: PromptLayoutOptions): PromptView {
  const { prompt, text, match, columns, maxRows } = options;
  const filler = new RowFiller(columns);
  for (const { text, style } of prompt) {
    for (const cluster of showClusters(text)) filler.put(cluster, style);
  }
  filler.indent = chooseIndent(filler, columns);
  const show = clusterShower();
  let index = 0;
  let cursor: PromptView["cursor"] | undefined;
  const places = [options.cursor, match?.start ?? 0, match?.end ?? 0];
  const pieces = Array.from(splitAt(text, places));
  for (const [i, piece] of pieces.entries()) {
    if (piece.text === "\n") {
      if (index >= options.cursor) cursor ??= filler.reserve(1);
      filler.break();
    } else {
      const isMatch = match !== undefined && index >= match.start && index < match.end;
      const style = isMatch ? "match" : "plain";
      const shown = show(piece, pieces[i + 1]);
      if (index >= options.cursor) cursor ??= filler.reserve(isStretch(shown) ? 1 : shown.width);
      if (isStretch(shown)) filler.fill(shown.text, style);
      else filler.put(shown, style);
    }
    index += piece.text.length;
  }
  cursor ??= filler.reserve(1);
  return crop({ rows: filler.rows, cursor }, maxRows);
}

/**
 * Makes one row of styled text, cut where it does not fit.
 *
 * @param spans What it says; made safe to show.
 * @param columns Width of the terminal, 1 at least.
 * @returns The spans that fit.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(fitRow([{ text: "abc", style: "hint" }], 2), [{ text: "a…", style: "hint" }]);
 * ```
 */
export function fitRow(spans: readonly Span[], columns: number): readonly Span[] {
  const clusters = spans.flatMap(({ text, style }) => {
    return showClusters(text).map((cluster) => ({ ...cluster, style }));
  });
  const width = clusters.reduce((sum, cluster) => sum + cluster.width, 0);
  const room = width > columns ? columns - 1 : columns;
  const filler = new RowFiller(columns);
  let used = 0;
  for (const cluster of clusters) {
    used += cluster.width;
    if (used > room) {
      filler.put({ text: "…", width: 1 }, cluster.style);
      break;
    }
    filler.put(cluster, cluster.style);
  }
  return filler.rows[0] ?? [];
}

function chooseIndent(prompt: RowFiller, columns: number): number {
  if (prompt.rows.length > 1 || prompt.width > columns / 2) {
    return columns > 2 * SMALL_INDENT ? SMALL_INDENT : 0;
  }
  return columns > 2 * SMALL_INDENT ? prompt.width : Math.min(prompt.width, columns - 1);
}

function crop({ rows, cursor }: PromptView, maxRows: number): PromptView {
  const most = Math.max(0, rows.length - maxRows);
  const first = Math.min(Math.max(0, cursor.row - Math.floor(maxRows / 2)), most);
  return {
    rows: rows.slice(first, first + maxRows),
    cursor: { row: cursor.row - first, column: cursor.column },
  };
}

/** The pieces of a text, none of which has a place within it. */
function* splitAt(text: string, places: readonly number[]): Generator<Cluster> {
  let index = 0;
  for (const piece of splitPieces(text)) {
    const end = index + piece.text.length;
    const cuts = isStretch(piece)
      ? [...new Set(places)].filter((place) => place > index && place < end)
      : [];
    if (cuts.length === 0) yield piece;
    else {
      for (const cut of [...cuts.sort((a, b) => a - b), end]) {
        yield { text: text.slice(index, cut), width: cut - index };
        index = cut;
      }
    }
    index = end;
  }
}
