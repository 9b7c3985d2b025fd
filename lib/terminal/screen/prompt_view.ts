/**
 * What the line editor asks the screen to draw: styled rows, and a cursor.
 *
 * @module
 */

/** How a piece of text is meant; the theme says how that looks. */
export type Style = "plain" | "prompt" | "offline" | "hint" | "match" | "alert";

/** Text of one style: no line breaks, no control characters. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** The prompt, the draft and the hints, laid out for one width. */
export interface PromptView {
  /** From top to bottom, one at least; none is wider than the terminal. */
  readonly rows: readonly (readonly Span[])[];
  /** Counted from 0 at the upper left; the row and the column exist. */
  readonly cursor: { readonly row: number; readonly column: number };
}
