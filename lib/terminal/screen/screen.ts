/**
 * Drawing on a terminal without taking it over: a prompt at the bottom, and
 * above it what scrolls up into the terminal's own scrollback.
 *
 * @module
 */

import { type Schedule, scheduleByTimer } from "../../async/schedule.ts";
import type { Item } from "./draw.ts";
import { PrintQueue } from "./print_queue.ts";
import {
  countRowsAbove,
  type CursorPosition,
  type DrawnPrompt,
  drawPrompt,
  erasePrompt,
  type Size,
} from "./prompt_area.ts";
import type { Reflow } from "./reflow.ts";
import { RepaintPace } from "./repaint_pace.ts";
import type { Theme } from "./theme.ts";
import type { PromptView } from "./prompt_view.ts";

/** Sizes that one repaint looks at while a window is being dragged; each may take an answer. */
export const MAX_MEASUREMENTS = 4;

/** What a {@linkcode Screen} draws on, and with. */
export interface ScreenOptions {
  /** Writes all of a text, before the promise is fulfilled. */
  readonly write: (text: string) => Promise<void>;
  /** The size of the terminal by now. */
  readonly size: () => Size;
  /** Lays the prompt out. */
  readonly prompt: (size: { readonly columns: number; readonly maxRows: number }) => PromptView;
  readonly theme: Theme;
  /** Asks the terminal (CSI 6n); undefined if it does not answer in time. */
  readonly askCursor?: () => Promise<CursorPosition | undefined>;
  /** What the terminal does to its rows when it gets narrower; most break them. */
  readonly reflow?: Reflow;
  /** A clock in ms that never runs back. */
  readonly monotonic?: () => number;
  readonly schedule?: Schedule;
}

const BEGIN = "\x1b[?2026h\x1b[?25l";
const END = "\x1b[?25h\x1b[?2026l";
/** Least time between two repaints, in ms. */

/**
 * Draws in at most 30 repaints a second, each of them one write, and one write
 * at a time; the first comes at once.
 *
 * A repaint is shown as a whole by terminals that know synchronized output; it
 * hides the cursor, erases the prompt, prints what waits, and draws the prompt.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { makeTheme } from "./theme.ts";
 * let output = "";
 * const screen = new Screen({
 *   write: (text) => Promise.resolve(void (output += text)),
 *   size: () => ({ columns: 80, rows: 24 }),
 *   prompt: () => ({ rows: [[{ text: "> ", style: "plain" }]], cursor: { row: 0, column: 2 } }),
 *   theme: makeTheme(0),
 * });
 * await screen.print(() => ["hello"]);
 * assert.match(output, /hello\r\n.*> /);
 * await screen.close();
 * ```
 */
export class Screen {
  readonly #options: Required<ScreenOptions>;
  readonly #queue = new PrintQueue();
  /** The prompt on the screen, if there is one. */
  #drawn?: DrawnPrompt;
  #isDirty = false;
  #isToClear = false;
  #isSuspended = false;
  #isClosed = false;
  readonly #pace: RepaintPace;
  #cancelTimer?: () => void;
  /** The repaint that is under way. */
  #repainting?: Promise<void>;

  /** @param options What to draw on. */
  constructor(options: ScreenOptions) {
    this.#options = {
      ...options,
      askCursor: options.askCursor ?? (() => Promise.resolve(undefined)),
      reflow: options.reflow ?? "breaks",
      monotonic: options.monotonic ?? (() => performance.now()),
      schedule: options.schedule ?? scheduleByTimer,
    };
    this.#pace = new RepaintPace(this.#options.monotonic);
  }

  /**
   * Prints above the prompt.
   *
   * @param item Laid out when it is drawn.
   * @returns Settles when the item is on the screen. A caller that prints much should wait for it.
   * @throws {RangeError} (as a rejection) If 40,000 items wait already.
   * @throws {Error} (as a rejection) What `write` failed with; or after `close()`.
   */
  print(item: Item): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error("Cannot print: the screen is closed"));
    const printed = this.#queue.push(item);
    this.#wake();
    return printed;
  }

  /** Draws the prompt anew: it has changed, or the size of the terminal has. */
  refresh(): void {
    this.#isDirty = true;
    this.#wake();
  }

  /** Clears the screen; what was on it goes to the scrollback. */
  clear(): void {
    this.#isToClear = true;
    this.refresh();
  }

  /** Erases the prompt, and draws nothing until `resume()`. */
  async suspend(): Promise<void> {
    this.#isSuspended = true;
    await this.#settleDown();
    if (this.#drawn) await this.#erase();
  }

  /** Draws the prompt where the cursor is now: others have written meanwhile. */
  resume(): void {
    this.#isSuspended = false;
    this.#drawn = undefined;
    this.refresh();
  }

  /**
   * Prints what waits, erases the prompt and leaves the cursor in the first column.
   *
   * @throws {Error} What `write` failed with.
   */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#settleDown();
    while (this.#queue.size > 0) await this.#repaint();
    if (this.#drawn) await this.#erase();
  }

  /**
   * Closes it without waiting for anything; what waits to be printed is lost.
   *
   * @returns What to write, behind all that was written, to erase the prompt; "" if it is gone.
   */
  abandon(): string {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const drawn = this.#drawn;
    this.#drawn = undefined;
    return drawn ? erasePrompt(drawn.row) : "";
  }

  /** Stops the timer, and waits for the repaint that is under way. */
  async #settleDown(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#repainting;
  }

  async #erase(): Promise<void> {
    const text = erasePrompt((await this.#measure()).rowsAbove);
    this.#drawn = undefined;
    await this.#options.write(text);
  }

  #wake(): void {
    if (this.#isClosed || this.#isSuspended || this.#repainting) return;
    if (!this.#isDirty && this.#queue.size === 0) return;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const wait = this.#pace.wait(this.#isResized);
    if (wait > 0) {
      this.#cancelTimer = this.#options.schedule(() => {
        this.#cancelTimer = undefined;
        this.#wake();
      }, wait);
      return;
    }
    this.#repainting = this.#repaint().finally(() => {
      this.#repainting = undefined;
      this.#pace.noteRepaint();
      this.#wake();
    });
  }

  get #isResized(): boolean {
    const { columns, rows } = readSize(this.#options.size);
    const drawn = this.#drawn;
    return drawn !== undefined && (columns !== drawn.columns || rows !== drawn.rows);
  }

  /** Repaints. It never rejects: a failed write rejects the promises of `print()`. */
  async #repaint(): Promise<void> {
    const { columns, rows, rowsAbove } = await this.#measure();
    const { write, theme, prompt } = this.#options;
    this.#isDirty = false;
    const above = this.#queue.take(columns, this.#options.monotonic);
    try {
      const maxRows = Math.max(1, rows - 1);
      const { text, drawn } = drawPrompt(prompt({ columns, maxRows }), { theme, columns, maxRows });
      const cleared = this.#isToClear ? clearScreen(rows) : "";
      this.#isToClear = false;
      this.#drawn = drawn;
      await write(`${BEGIN}${erasePrompt(rowsAbove)}${above.text}${cleared}${text}${END}`);
      above.settle();
    } catch (error) {
      above.fail(error);
    }
  }

  /** The size, and how many rows of the prompt are above the cursor: both of the same moment. */
  async #measure(): Promise<Size & { readonly rowsAbove: number }> {
    const { size, reflow, askCursor } = this.#options;
    for (let i = 1;; i++) {
      const { columns, rows } = readSize(size);
      const options = { columns, rows, reflow, askCursor };
      const counted = this.#drawn ? await countRowsAbove(this.#drawn, options) : 0;
      const now = readSize(size);
      const isSettled = now.columns === columns && now.rows === rows;
      // Meanwhile the process may have been stopped and continued; then the prompt is not there.
      if (isSettled || i === MAX_MEASUREMENTS) {
        return { ...now, rowsAbove: this.#drawn && counted || 0 };
      }
    }
  }
}

function readSize(size: () => Size): Size {
  const { columns, rows } = size();
  return { columns: Math.max(1, columns), rows: Math.max(1, rows) };
}

/** Scrolls all out of the screen, and goes to its top. */
function clearScreen(rows: number): string {
  return `\x1b[${rows};1H${"\n".repeat(rows)}\x1b[H`;
}
