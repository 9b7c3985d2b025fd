/**
 * How far files on their way are: one row above the prompt, which the draft does not notice.
 *
 * @module
 */

import { fitRow } from "../screen/prompt_layout.ts";
import type { PromptView } from "../screen/prompt_view.ts";

/**
 * Keeps the row.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const row = new ProgressRow();
 * row.text = "↓ a.txt";
 * const view = { rows: [[{ text: "> ", style: "prompt" }]], cursor: { row: 0, column: 2 } } as const;
 * assert.deepEqual(row.above(view, 80).cursor, { row: 1, column: 2 });
 * ```
 */
export class ProgressRow {
  /** What it says; undefined for no row. */
  text: string | undefined;

  /**
   * Puts the row above a prompt.
   *
   * @param view The prompt.
   * @param columns Width of the terminal.
   */
  above(view: PromptView, columns: number): PromptView {
    if (this.text === undefined) return view;
    const row = fitRow([{ text: this.text, style: "hint" }], columns);
    const { row: below, column } = view.cursor;
    return { rows: [row, ...view.rows], cursor: { row: below + 1, column } };
  }
}
