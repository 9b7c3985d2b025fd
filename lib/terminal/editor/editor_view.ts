/**
 * What the line editor shows: the draft or a search, and a row below it.
 *
 * @module
 */

import type { Say } from "../../messages/phrases.ts";
import { fitRow, layOutPrompt } from "../screen/prompt_layout.ts";
import type { PromptView, Span } from "../screen/prompt_view.ts";
import type { Draft } from "./draft.ts";
import type { Search } from "./search.ts";

/** What there is to show. */
export interface EditorViewOptions {
  readonly columns: number;
  readonly maxRows: number;
  readonly say: Say;
  readonly prompt: readonly Span[];
  readonly draft: Pick<Draft, "text" | "cursor">;
  readonly search: Pick<Search, "query" | "found" | "hasFailed"> | undefined;
  /** For the row below; none if it says nothing. */
  readonly hint: readonly Span[];
  /** Whether the hint must be seen, even where there is room for one row only. */
  readonly isAsking: boolean;
}

/**
 * Shows the state of an editor.
 *
 * @param options The size, 1 column and 1 row at least, and the parts.
 * @returns At most `maxRows` rows; a hint is the last of them.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * const view = viewEditor({
 *   columns: 20,
 *   maxRows: 2,
 *   say: sayIn("en"),
 *   prompt: [{ text: "> ", style: "prompt" }],
 *   draft: { text: "", cursor: 0 },
 *   search: undefined,
 *   hint: [{ text: "Ctrl-C again leaves", style: "hint" }],
 *   isAsking: false,
 * });
 * assert.equal(view.rows.length, 2);
 * assert.deepEqual(view.cursor, { row: 0, column: 2 });
 * ```
 */
export function viewEditor(options: EditorViewOptions): PromptView {
  const { columns, maxRows, hint } = options;
  const hasHint = hint.some(({ text }) => text !== "");
  if (!hasHint || (maxRows === 1 && !options.isAsking)) return viewText(options, maxRows);
  const row = fitRow(hint, columns);
  if (maxRows === 1) return { rows: [row], cursor: { row: 0, column: 0 } };
  const { rows, cursor } = viewText(options, maxRows - 1);
  return { rows: [...rows, row], cursor };
}

function viewText(options: EditorViewOptions, maxRows: number): PromptView {
  const { columns, prompt, draft, search, say } = options;
  if (!search) {
    return layOutPrompt({ prompt, text: draft.text, cursor: draft.cursor, columns, maxRows });
  }
  const { query, found, hasFailed } = search;
  const label = hasFailed
    ? say('nothing older has "{query}":', { query })
    : say('search "{query}":', { query });
  const start = found?.start ?? draft.cursor;
  return layOutPrompt({
    prompt: [{ text: `${label} `, style: "prompt" }],
    text: found?.text ?? draft.text,
    cursor: start,
    match: found && !hasFailed ? { start, end: start + query.length } : undefined,
    columns,
    maxRows,
  });
}
