/**
 * What the prompt must look like, by a model that shares nothing with the editor: characters
 * whose widths the test itself gives.
 *
 * @module
 */

/** A character as people see it, and the columns that it takes. */
export type Cell = readonly [text: string, width: number];

/** Characters of all kinds: emoji that are joined, coloured, flags and keycaps, CJK, marks. */
export const CELLS: readonly Cell[] = [
  ["a", 1],
  ["漢", 2],
  ["👨‍👩‍👧", 2],
  ["e\u0301", 1],
  ["🇫🇷", 2],
  ["1️⃣", 2],
  ["👍🏽", 2],
  [" ", 1],
  ["한", 2],
  ["❤️", 2],
  ["q\u0323\u0307", 1],
  ["か", 2],
  ["x", 1],
];

/** So many characters, from the beginning of {@linkcode CELLS} over and over. */
export function cellsOf(count: number): Cell[] {
  return Array.from({ length: count }, (_, i) => CELLS[i % CELLS.length]!);
}

/** Their text. */
export function textOf(cells: readonly Cell[]): string {
  return cells.map(([text]) => text).join("");
}

/** Rows and cursor of a draft behind a prompt that takes less than half of a row. */
export function expectPrompt(
  cells: readonly Cell[],
  { cursor = cells.length, columns, prompt = "al> " }: {
    readonly cursor?: number;
    readonly columns: number;
    readonly prompt?: string;
  },
): { readonly rows: string[]; readonly cursor: readonly [column: number, row: number] } {
  const rows = [prompt];
  let column = prompt.length;
  let place: readonly [number, number] | undefined;
  const fit = (width: number) => {
    if (column + width <= columns) return;
    rows.push(" ".repeat(prompt.length));
    column = prompt.length;
  };
  for (const [i, [text, width]] of cells.entries()) {
    fit(width);
    if (i === cursor) place = [column, rows.length - 1];
    rows[rows.length - 1] += text;
    column += width;
  }
  if (!place) {
    fit(1);
    place = [column, rows.length - 1];
  }
  const shown = rows.map((row) => row.trimEnd());
  // A row that has nothing on it yet is not listed by the emulator.
  if (shown.at(-1) === "") shown.pop();
  return { rows: shown, cursor: place };
}

/** Sizes at which everything is tried. */
export const SIZES = [[80, 24], [40, 10], [200, 50]] as const;
