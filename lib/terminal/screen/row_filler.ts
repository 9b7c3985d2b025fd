/**
 * Rows of a prompt, filled from the left.
 *
 * @module
 */

import type { Cluster } from "../../text/cluster.ts";
import type { PromptView, Span, Style } from "./prompt_view.ts";
import { UNSHOWABLE } from "./shown_cluster.ts";

/**
 * Rows that break between clusters.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const filler = new RowFiller(3);
 * filler.indent = 1;
 * filler.fill("abcd", "plain");
 * const rows = [[{ text: "abc", style: "plain" }], [{ text: " d", style: "plain" }]];
 * assert.deepEqual(filler.rows, rows);
 * ```
 */
export class RowFiller {
  /** The rows so far, from top to bottom; one at least. */
  readonly rows: Span[][] = [[]];
  readonly #columns: number;
  /** Columns taken of the last row. */
  width = 0;
  /** Columns left free in rows to come. */
  indent = 0;

  /** @param columns Width of a row, 1 at least. */
  constructor(columns: number) {
    this.#columns = columns;
  }

  /** Puts a cluster; one that is wider than a row is shown as U+FFFD. */
  put(cluster: Cluster, style: Style): void {
    const { text, width } = this.#fit(cluster);
    if (this.width + width > this.#columns) this.break();
    this.#append(text, style);
    this.width += width;
  }

  /** Puts visible ASCII, row by row. */
  fill(text: string, style: Style): void {
    for (let start = 0; start < text.length;) {
      if (this.width >= this.#columns) this.break();
      const part = text.slice(start, start + this.#columns - this.width);
      this.#append(part, style);
      this.width += part.length;
      start += part.length;
    }
  }

  /** Begins the next row. */
  break(): void {
    this.rows.push([]);
    this.width = 0;
    if (this.indent > 0) this.#append(" ".repeat(this.indent), "plain");
    this.width = this.indent;
  }

  /** Tells where a cluster of a width goes; begins the next row if it does not fit on this one. */
  reserve(width: number): PromptView["cursor"] {
    const needed = Math.max(1, this.#fit({ text: "", width }).width);
    if (this.width + needed > this.#columns) this.break();
    return { row: this.rows.length - 1, column: this.width };
  }

  #fit(cluster: Cluster): Cluster {
    return cluster.width > this.#columns - this.indent ? UNSHOWABLE : cluster;
  }

  #append(text: string, style: Style): void {
    const row = this.rows.at(-1)!;
    const last = row.at(-1);
    if (last?.style === style) row[row.length - 1] = { text: last.text + text, style };
    else row.push({ text, style });
  }
}
