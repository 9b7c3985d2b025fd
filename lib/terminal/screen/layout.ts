/**
 * Lays the prompt and the draft out on rows of the terminal.
 *
 * @module
 */

import {
  type Cluster,
  isDisputed,
  splitClusters,
  splitPieces,
  textWidth,
} from "../../text/cluster.ts";
import { sanitize } from "../../text/sanitize.ts";
import type { PromptView, Span, Style } from "./view.ts";

const UNSHOWABLE: Cluster = { text: "\uFFFD", width: 1 };
/** Carries a mark that has nothing to stand on. */
const DOTTED_CIRCLE = "\u25CC";
const SMALL_INDENT = 2;
const PLAIN = /^[ -~]+$/;
const JOINER_AT_END = /[\u200C\u200D]$/;
const LETTER_AT_START = /^\p{L}/u;

/** What is laid out, and where. */
export interface LayoutOptions {
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
 * const view = layout({ prompt, text: "abc", cursor: 3, columns: 4, maxRows: 9 });
 * assert.deepEqual(view.rows, [
 *   [prompt[0], { text: "ab", style: "plain" }],
 *   [{ text: "  c", style: "plain" }],
 * ]);
 * assert.deepEqual(view.cursor, { row: 1, column: 3 });
 * ```
 */
export function layout(options: LayoutOptions): PromptView {
  const { prompt, text, match, columns, maxRows } = options;
  const rows = new Rows(columns);
  for (const { text, style } of prompt) {
    for (const cluster of showClusters(text)) rows.put(cluster, style);
  }
  rows.indent = chooseIndent(rows, columns);
  const show = showing();
  let index = 0;
  let cursor: PromptView["cursor"] | undefined;
  const places = [options.cursor, match?.start ?? 0, match?.end ?? 0];
  const pieces = Array.from(splitAt(text, places));
  for (const [i, piece] of pieces.entries()) {
    if (piece.text === "\n") {
      if (index >= options.cursor) cursor ??= rows.reserve(1);
      rows.break();
    } else {
      const isMatch = match !== undefined && index >= match.start && index < match.end;
      const style = isMatch ? "match" : "plain";
      const shown = show(piece, pieces[i + 1]);
      if (index >= options.cursor) cursor ??= rows.reserve(isStretch(shown) ? 1 : shown.width);
      if (isStretch(shown)) rows.fill(shown.text, style);
      else rows.put(shown, style);
    }
    index += piece.text.length;
  }
  cursor ??= rows.reserve(1);
  return crop({ rows: rows.take(), cursor }, maxRows);
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
  const rows = new Rows(columns);
  let used = 0;
  for (const cluster of clusters) {
    used += cluster.width;
    if (used > room) {
      rows.put({ text: "…", width: 1 }, cluster.style);
      break;
    }
    rows.put(cluster, cluster.style);
  }
  return rows.take()[0] ?? [];
}

function chooseIndent(prompt: Rows, columns: number): number {
  if (!prompt.isFirst || prompt.width > columns / 2) {
    return columns > 2 * SMALL_INDENT ? SMALL_INDENT : 0;
  }
  return columns > 2 * SMALL_INDENT ? prompt.width : Math.min(prompt.width, columns - 1);
}

/** Rows that are filled from the left, and wrapped between clusters. */
class Rows {
  readonly #columns: number;
  readonly #rows: Span[][] = [[]];
  /** Columns taken of the last row. */
  width = 0;
  /** Columns left free in rows to come. */
  indent = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  get isFirst(): boolean {
    return this.#rows.length === 1;
  }

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

  break(): void {
    this.#rows.push([]);
    this.width = 0;
    if (this.indent > 0) this.#append(" ".repeat(this.indent), "plain");
    this.width = this.indent;
  }

  /** Where the next cluster goes. */
  reserve(width: number): { row: number; column: number } {
    const needed = Math.max(1, this.#fit({ text: "", width }).width);
    if (this.width + needed > this.#columns) this.break();
    return { row: this.#rows.length - 1, column: this.width };
  }

  take(): Span[][] {
    return this.#rows;
  }

  #fit(cluster: Cluster): Cluster {
    return cluster.width > this.#columns - this.indent ? UNSHOWABLE : cluster;
  }

  #append(text: string, style: Style): void {
    const row = this.#rows.at(-1)!;
    const last = row.at(-1);
    if (last?.style === style) row[row.length - 1] = { text: last.text + text, style };
    else row.push({ text, style });
  }
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

/** Whether it is visible ASCII, of one character or more. */
function isStretch({ text, width }: Cluster): boolean {
  return width === text.length && PLAIN.test(text);
}

/** Shows clusters, each kind of them worked out once: most come again. */
function showing(): (cluster: Cluster, next: Cluster | undefined) => Cluster {
  const shown = new Map<string, Cluster>();
  return (cluster, next) => {
    if (isStretch(cluster)) return cluster;
    if (JOINER_AT_END.test(cluster.text)) return showCluster(cluster, next);
    let found = shown.get(cluster.text);
    if (!found) shown.set(cluster.text, found = showCluster(cluster, next));
    return found;
  };
}

function showClusters(text: string): Cluster[] {
  const clusters = splitClusters(text);
  return clusters.map((cluster, i) => showCluster(cluster, clusters[i + 1]));
}

/** What people see of a cluster: nothing that moves the cursor, and nothing that hides. */
function showCluster(cluster: Cluster, next: Cluster | undefined): Cluster {
  if (!isDisputed(cluster)) return cluster;
  const safe = sanitizeBefore(next?.text, cluster.text);
  const isHiding = safe.length < cluster.text.length;
  const carried = /^\p{M}/u.test(safe) ? DOTTED_CIRCLE + safe : safe;
  const text = isHiding ? carried + UNSHOWABLE.text : carried;
  const width = text === cluster.text ? cluster.width : textWidth(text);
  return width === 0 ? UNSHOWABLE : { text, width };
}

/**
 * A joiner at a cluster's end is of use or not by the letter after it, which is in the next
 * cluster. At the end of the text one like it may be about to be typed.
 */
function sanitizeBefore(next: string | undefined, text: string): string {
  const safe = sanitize(text);
  const following = next ?? LETTER_AT_START.exec(text)?.[0];
  if (following === undefined || !JOINER_AT_END.test(text)) return safe;
  const letter = String.fromCodePoint(following.codePointAt(0)!);
  return sanitize(text + letter) === text + letter ? text : safe;
}
