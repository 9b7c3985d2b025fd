/**
 * Rows of styled text as a terminal is told them.
 *
 * @module
 * @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */

import { type Cluster, isDisputed, splitPieces } from "../../text/cluster.ts";
import type { RowStyle, Theme } from "./theme.ts";

/** Safe text of one style. */
export interface RowSpan {
  readonly text: string;
  /** `nick` is the colour of a member. */
  readonly style: RowStyle | "nick";
  /** The member's Ed25519 key in base64url, for `nick`. */
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
 * After each cluster whose width differs between terminals, the cursor is set to the right column.
 * What follows then stands where it should. A terminal that takes more columns for the cluster does
 * not wrap the row.
 *
 * @param spans Safe to show, without line breaks.
 * @param options `theme`: how they look; `columns`: the width of the terminal. Only a row that is
 * wider, as a URL or a key may be, is wrapped by the terminal.
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
  if (!spans.some(isDisputed)) return plain();

  const pieces = spans.map(({ text }) => [...splitPieces(text)]);
  const width = pieces.flat().reduce((sum, piece) => sum + piece.width, 0);
  const isAnchored = askOnce();
  if (width > columns || !pieces.flat().some(isAnchored)) return plain();
  let column = 0;
  const row = spans.map((span, i) => {
    const anchored = anchor(pieces[i]!, { start: column, columns, isAnchored });
    column = anchored.column;
    return paint(span, anchored.text);
  });
  return AUTOWRAP_OFF + row.join("") + AUTOWRAP_ON;
}

/** Tells whether a piece is disputed, and remembers it, because most pieces come again. */
function askOnce(): (piece: Cluster) => boolean {
  const known = new Map<string, boolean>();
  return (piece) => {
    if (PLAIN.test(piece.text)) return false;
    let answer = known.get(piece.text);
    if (answer === undefined) known.set(piece.text, answer = isDisputed(piece));
    return answer;
  };
}

function anchor(
  pieces: readonly Cluster[],
  { start, columns, isAnchored }: {
    readonly start: number;
    readonly columns: number;
    readonly isAnchored: (piece: Cluster) => boolean;
  },
): { readonly text: string; readonly column: number } {
  let column = start;
  let text = "";
  for (const piece of pieces) {
    column += piece.width;
    text += piece.text;
    // Nothing follows behind the last column, and the cursor cannot stand there.
    if (column < columns && isAnchored(piece)) text += `\x1b[${column + 1}G`;
  }
  return { text, column };
}
