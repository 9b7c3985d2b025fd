/**
 * Rows of styled text as a terminal is told them.
 *
 * @module
 * @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

import { type Cluster, isDisputed, splitClusters } from "./cluster.ts";
import type { RowStyle, Theme } from "./theme.ts";

/** Safe text of one style. */
export interface RowSpan {
  readonly text: string;
  /** `nick` is the colour of a key. */
  readonly style: RowStyle | "nick";
  /** The key, for `nick`. */
  readonly id?: string;
}

/**
 * What is printed above the prompt, laid out when its turn comes: for a width in columns, rows
 * without line breaks, safe but for the sequences that {@linkcode drawRow} makes.
 */
export type Item = (columns: number) => string[];

const AUTOWRAP_OFF = "\x1b[?7l";
const AUTOWRAP_ON = "\x1b[?7h";
const PLAIN = /^[ -~]*$/;

/**
 * Writes one row, from the first column on.
 *
 * Behind each cluster whose width terminals do not agree on, the cursor is set
 * to where it should be: what follows stands where it was meant to, and a
 * terminal that takes more columns for it does not wrap the row.
 *
 * @param spans Safe to show, without line breaks.
 * @param options `theme`: how they look; `columns`: the width of the terminal. Only a row that is
 * wider, as a URL may be, is wrapped by the terminal.
 * @returns The row with its SGR and cursor sequences, and no line break.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeTheme } from "./theme.ts";
 * const spans = [{ text: "a 👍🏽 b", style: "plain" }] as const;
 * const row = drawRow(spans, { theme: makeTheme(0), columns: 80 });
 * assert.equal(row, "\x1b[?7la 👍🏽\x1b[5G b\x1b[?7h");
 * ```
 */
export function drawRow(
  spans: readonly RowSpan[],
  { theme, columns }: { readonly theme: Theme; readonly columns: number },
): string {
  const paint = ({ style, id }: RowSpan, text: string) =>
    style === "nick" ? theme.nick(id, text) : theme.paint(style, text);
  const plain = () => spans.map((span) => paint(span, span.text)).join("");
  if (spans.every(({ text }) => PLAIN.test(text))) return plain();

  const clusters = spans.map(({ text }) => splitClusters(text));
  const width = clusters.flat().reduce((sum, cluster) => sum + cluster.width, 0);
  if (width > columns || !clusters.flat().some(isDisputed)) return plain();
  let column = 0;
  const row = spans.map((span, i) => {
    const anchored = anchor(clusters[i]!, column, columns);
    column = anchored.column;
    return paint(span, anchored.text);
  });
  return AUTOWRAP_OFF + row.join("") + AUTOWRAP_ON;
}

function anchor(
  clusters: readonly Cluster[],
  start: number,
  columns: number,
): { readonly text: string; readonly column: number } {
  let column = start;
  let text = "";
  for (const cluster of clusters) {
    column += cluster.width;
    text += cluster.text;
    // Nothing follows behind the last column, and the cursor cannot stand there.
    if (column < columns && isDisputed(cluster)) text += `\x1b[${column + 1}G`;
  }
  return { text, column };
}
