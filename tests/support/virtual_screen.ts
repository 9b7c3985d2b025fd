/**
 * A screen on a virtual terminal, with a clock that a test moves.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { Screen } from "../../lib/terminal/screen/screen.ts";
import { makeTheme } from "../../lib/terminal/screen/theme.ts";
import type { PromptView, Span } from "../../lib/terminal/screen/prompt_view.ts";
import { splitClusters } from "../../lib/text/cluster.ts";
import { VirtualTerminal } from "./virtual_terminal.ts";

/** A draft behind `> `, wrapped at clusters; not the real editor, and as simple as it can be. */
export function layDraft(text: string, cursor: number, columns: number): PromptView {
  const rows: Span[][] = [[{ text: "> ", style: "prompt" }]];
  let column = 2;
  let place = { row: 0, column: 2 };
  for (const [i, cluster] of splitClusters(text).entries()) {
    if (column + cluster.width > columns) {
      rows.push([]);
      column = 0;
    }
    if (i === cursor) place = { row: rows.length - 1, column };
    rows.at(-1)!.push({ text: cluster.text, style: "plain" });
    column += cluster.width;
  }
  if (cursor >= splitClusters(text).length) {
    if (column >= columns) {
      rows.push([]);
      column = 0;
    }
    place = { row: rows.length - 1, column };
  }
  return { rows, cursor: place };
}

/** A screen, the terminal that it draws on, and what was written to it. */
export class VirtualScreen implements AsyncDisposable {
  draft = "";
  cursor = 0;
  now = 0;
  readonly writes: string[] = [];
  readonly terminal: VirtualTerminal;
  readonly screen: Screen;
  #size: { columns: number; rows: number };
  /** Writes that the terminal has not shown yet. */
  #pending = 0;
  readonly #timers = new Map<() => void, number>();

  /** @param options Sizes of the terminal, and whether it reflows the cursor's row. */
  constructor(options: { columns: number; rows: number; reflowCursorLine?: boolean }) {
    const { columns, rows, reflowCursorLine } = options;
    this.#size = { columns, rows };
    this.terminal = new VirtualTerminal(columns, rows, reflowCursorLine);
    this.screen = new Screen({
      write: async (text) => {
        this.writes.push(text);
        this.#pending++;
        await this.terminal.feed(text);
        this.#pending--;
      },
      size: () => this.#size,
      prompt: ({ columns }) => layDraft(this.draft, this.cursor, columns),
      theme: makeTheme(0),
      monotonic: () => this.now,
      schedule: (callback, ms) => {
        this.#timers.set(callback, this.now + ms);
        return () => this.#timers.delete(callback);
      },
      askCursor: async () => {
        this.terminal.answers = "";
        this.#pending++;
        await this.terminal.feed("\x1b[6n");
        this.#pending--;
        const answer = this.terminal.answers.match(/(\d+);(\d+)R/);
        return answer ? { row: Number(answer[1]), column: Number(answer[2]) } : undefined;
      },
    });
  }

  /** Changes the draft and draws it. */
  async type(draft: string, cursor: number): Promise<void> {
    this.draft = draft;
    this.cursor = cursor;
    this.screen.refresh();
    await this.settle();
  }

  /** Changes the size, as a window does. */
  async resize(columns: number, rows: number): Promise<void> {
    this.terminal.resize(columns, rows);
    this.#size = { columns, rows };
    this.screen.refresh();
    await this.settle();
  }

  /** Lets time run until nothing is left to draw. */
  async settle(): Promise<void> {
    // An answer of the terminal and a write after it take a few turns of the event loop.
    for (let idleTurns = 0; idleTurns < 4; idleTurns++) {
      await setImmediate();
      if (this.#pending > 0) idleTurns = -1;
      for (const [callback, time] of [...this.#timers]) {
        idleTurns = -1;
        this.now = Math.max(this.now, time);
        this.#timers.delete(callback);
        callback();
      }
    }
    await this.terminal.feed("");
  }

  /** Lets go of the terminal. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.screen.close();
    this.terminal[Symbol.dispose]();
  }
}
