/**
 * The rows of the prompt at the bottom, and how to find them again.
 *
 * @module
 */

import { splitClusters } from "../../text/cluster.ts";
import { drawRow } from "./draw.ts";
import type { Reflow } from "./reflow.ts";
import type { Theme } from "./theme.ts";
import type { PromptView } from "./prompt_view.ts";

/** A size of a terminal, in characters. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Where a terminal says that its cursor is, counted from 1. */
export interface CursorPosition {
  readonly row: number;
  readonly column: number;
}

/** The columns that the clusters of one row take. */
export type Cells = readonly number[];

/** A prompt that is on the screen. */
export interface DrawnPrompt {
  /** The size of the terminal at that time. */
  readonly columns: number;
  readonly rows: number;
  /** Of each row, the columns that its clusters take: none of them is broken. */
  readonly cells: readonly Cells[];
  /** Row of the cursor among them, from 0. */
  readonly row: number;
  /** Column of the cursor, from 0. */
  readonly column: number;
}

const AUTOWRAP_OFF = "\x1b[?7l";
const ERASE_RIGHT = "\x1b[K";
const AUTOWRAP_ON = "\x1b[?7h";
/**
 * Clears to the end of the row, and then from the second column downwards. If a screen is cleared
 * from its first cell on, tmux moves it into the scrollback.
 */
const ERASE_DOWN = "\x1b[K\x1b[C\x1b[J\r";

/**
 * Draws a prompt where the cursor is, at the beginning of an empty row.
 *
 * @param view What to draw; of more rows than `maxRows` those around the cursor.
 * @param options `theme`: how it looks; `columns` of the terminal; `maxRows`, one at least.
 * @returns What to write, and what is needed to find the prompt again.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeTheme } from "./theme.ts";
 * const view = { rows: [[{ text: "> ", style: "plain" }]], cursor: { row: 0, column: 2 } } as const;
 * const { text } = drawPrompt(view, { theme: makeTheme(0), columns: 80, maxRows: 23 });
 * assert.equal(text, "\x1b[?7l> \x1b[K\x1b[3G\x1b[?7h");
 * ```
 */
export function drawPrompt(
  view: PromptView,
  { theme, columns, maxRows }: {
    readonly theme: Theme;
    readonly columns: number;
    readonly maxRows: number;
  },
): { readonly text: string; readonly drawn: DrawnPrompt } {
  const first = Math.max(0, Math.min(view.cursor.row, view.rows.length - maxRows));
  const rows = view.rows.slice(first, first + maxRows);
  const row = Math.max(0, Math.min(view.cursor.row - first, rows.length - 1));
  const column = Math.max(0, Math.min(view.cursor.column, columns - 1));
  // A row's own switch of autowrap would be in the way of the ones around it.
  const lines = rows.map((spans) => drawRow(spans, { theme, columns }).replace(AUTOWRAP_ON, ""));
  const cells = rows.map((spans) => {
    return spans.flatMap(({ text }) => splitClusters(text).map(({ width }) => width));
  });
  // A terminal that takes more columns for a cluster writes behind the row's end. What it leaves
  // there would make the row longer than it is.
  const drawn = lines.map((line, i) => sum(cells[i]!) < columns ? line + ERASE_RIGHT : line)
    .join("\r\n");
  const up = moveUp(rows.length - 1 - row);
  return {
    text: `${AUTOWRAP_OFF}${drawn}${up}\x1b[${column + 1}G${AUTOWRAP_ON}`,
    drawn: { columns, rows: maxRows + 1, cells, row, column },
  };
}

/**
 * Erases a prompt; the cursor is then where it began, in the first column.
 *
 * @param rowsAbove Rows of it above the cursor; 0 erases the cursor's row and those below.
 * @returns What to write.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(erasePrompt(2), "\r\x1b[2A\x1b[K\x1b[C\x1b[J\r");
 * ```
 */
export function erasePrompt(rowsAbove: number): string {
  return `\r${moveUp(rowsAbove)}${ERASE_DOWN}`;
}

/**
 * Counts the rows of a prompt above the cursor, whatever a resize made of them.
 *
 * A terminal that breaks rows may break the cursor's own row, too. The cursor's column shows
 * whether it did. In doubt, the answer is the smaller number: a row of the old prompt may then
 * stay, but no message is erased.
 *
 * @param drawn The prompt.
 * @param options `columns`, `rows`: the size by now; `reflow`: what the terminal does to rows;
 * `askCursor`: where the cursor is, undefined if there is no answer.
 * @returns Rows, from 0.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const cells = [80, 10, 5].map((width) => Array(width).fill(1));
 * const drawn = { columns: 80, rows: 24, cells, row: 2, column: 5 };
 * const askCursor = () => Promise.resolve(undefined);
 * const options = { columns: 40, rows: 24, reflow: "breaks", askCursor } as const;
 * assert.equal(await countRowsAbove(drawn, options), 3);
 * ```
 */
export async function countRowsAbove(
  drawn: DrawnPrompt,
  { columns, rows, reflow, askCursor }: Size & {
    readonly reflow: Reflow;
    readonly askCursor: () => Promise<CursorPosition | undefined>;
  },
): Promise<number> {
  const { cells, row, column } = drawn;
  if (reflow === "none" || columns >= drawn.columns) return row;
  if (reflow === "drifts") {
    // A lower window may have cut rows off, from the last one on.
    const mostCut = Math.min(cells.length - row - 1, Math.max(0, drawn.rows - rows));
    const counts = Array.from({ length: mostCut + 1 }, (_, cut) => {
      return countDrifted({ cells: cells.slice(0, cells.length - cut), row, columns });
    });
    return Math.min(...counts);
  }
  const above = sum(cells.slice(0, row).map((each) => breakRow(each, columns).rows));
  if (column < columns) return above;
  const broken = breakRow(cells[row] ?? [], columns, column);
  const answered = await askCursor();
  const isBroken = answered !== undefined && answered.column - 1 === broken.column &&
    answered.column < columns;
  return above + (isBroken ? broken.rows - 1 : 0);
}

/**
 * Goes through the rows as xterm.js does, from below: each row that it adds moves the cursor
 * down, and with it the row that it takes for the cursor's own and leaves alone.
 */
function countDrifted({ cells, row, columns }: {
  readonly cells: readonly Cells[];
  readonly row: number;
  readonly columns: number;
}): number {
  let cursor = row;
  for (let i = cells.length - 1; i >= 0; i--) {
    if (i !== cursor) cursor += breakRow(cells[i]!, columns).rows - 1;
  }
  return cursor;
}

/**
 * Breaks a row up to a column as terminals do: a wide cluster that does not fit goes to the next.
 *
 * @returns How many rows there are by then, and the column in the last of them.
 */
function breakRow(
  cells: Cells,
  columns: number,
  end = Infinity,
): { readonly rows: number; readonly column: number } {
  let [rows, column, done] = [1, 0, 0];
  for (const width of cells) {
    if (done >= end) break;
    if (column + width > columns) [rows, column] = [rows + 1, 0];
    column += width;
    done += width;
  }
  if (end === Infinity) return { rows, column };
  // The cursor may stand behind the text, and behind a full row it is in the next.
  const rest = column + Math.max(0, end - done);
  return { rows: rows + Math.floor(rest / columns), column: rest % columns };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function moveUp(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : "";
}
