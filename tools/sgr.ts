/**
 * Rows of a terminal with SGR sequences, taken apart.
 *
 * @module
 * @see https://invisible-island.net/xterm/ctlseqs/ctlseqs.html "Character Attributes (SGR)"
 */

/** How a piece of a row looks. */
export interface Look {
  /** Index of the colour, from 0 to 255; undefined for the terminal's own. */
  readonly color: number | undefined;
  readonly isBold: boolean;
  readonly isDim: boolean;
  readonly isReverse: boolean;
}

/** A piece of a row. */
export interface StyledSpan extends Look {
  readonly text: string;
}

const PLAIN: Look = { color: undefined, isBold: false, isDim: false, isReverse: false };

/**
 * Takes rows apart as `tmux capture-pane -e` writes them: what is on at the end of a row holds for
 * the next one.
 *
 * @param rows Text with SGR sequences for bold, dim, reverse and up to 256 colours of the text.
 * @returns For each row its pieces; other attributes are left out.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const [[span]] = parseSgr(["\x1b[1;38;5;33mbob\x1b[0m"]) as [[StyledSpan]];
 * assert.deepEqual(span, {
 *   text: "bob",
 *   color: 33,
 *   isBold: true,
 *   isDim: false,
 *   isReverse: false,
 * });
 * ```
 */
export function parseSgr(rows: readonly string[]): StyledSpan[][] {
  let look = PLAIN;
  return rows.map((row) => {
    const spans: StyledSpan[] = [];
    // Every second part is the parameters of a sequence.
    // deno-lint-ignore no-control-regex
    for (const [i, part] of row.split(/\x1b\[([\d;]*)m/).entries()) {
      if (i % 2 === 1) look = change(look, part.split(";").map(Number));
      else if (part !== "") spans.push({ text: part, ...look });
    }
    return spans;
  });
}

function change(before: Look, parameters: readonly number[]): Look {
  let look = before;
  for (let i = 0; i < parameters.length; i++) {
    const code = parameters[i]!;
    if (code === 38 && parameters[i + 1] === 5) {
      look = { ...look, color: parameters[i + 2] };
      i += 2;
    } else look = changeOne(look, code);
  }
  return look;
}

function changeOne(look: Look, code: number): Look {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, isBold: true };
  if (code === 2) return { ...look, isDim: true };
  if (code === 7) return { ...look, isReverse: true };
  if (code === 22) return { ...look, isBold: false, isDim: false };
  if (code === 27) return { ...look, isReverse: false };
  if (code >= 30 && code <= 37) return { ...look, color: code - 30 };
  if (code === 39) return { ...look, color: undefined };
  if (code >= 90 && code <= 97) return { ...look, color: code - 90 + 8 };
  return look;
}
