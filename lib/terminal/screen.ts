/**
 * Drawing on a terminal without taking it over: a prompt at the bottom, and
 * above it what scrolls up into the terminal's own scrollback.
 *
 * @module
 */

import {
  MAX_LAYOUT_MS,
  MAX_REPAINT_CHARS,
  MAX_REPAINT_ITEMS,
  MAX_REPAINTS_PER_SECOND,
  MAX_UNDRAWN_ITEMS,
} from "../limits.ts";
import type { Item } from "./draw.ts";
import {
  countRowsAbove,
  type CursorPosition,
  type DrawnPrompt,
  drawPrompt,
  erasePrompt,
  type Size,
} from "./prompt_area.ts";
import type { Theme } from "./theme.ts";
import type { PromptView } from "./view.ts";

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
  /** Whether the terminal breaks rows when it gets narrower; most do. */
  readonly doesReflow?: boolean;
  /** A clock in ms that never runs back. */
  readonly monotonic?: () => number;
  /** Calls back after a time in ms, unless it is cancelled by what it returns. */
  readonly schedule?: (callback: () => void, ms: number) => () => void;
}

/** What waits to be printed. */
interface Waiting {
  readonly item: Item;
  readonly settle: PromiseWithResolvers<void>;
}

const BEGIN = "\x1b[?2026h\x1b[?25l";
const END = "\x1b[?25h\x1b[?2026l";
const REPAINT_MS = 1000 / MAX_REPAINTS_PER_SECOND;

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
  readonly #waiting: Waiting[] = [];
  /** The prompt on the screen, if there is one. */
  #drawn?: DrawnPrompt;
  #isDirty = false;
  #isToClear = false;
  #isSuspended = false;
  #isClosed = false;
  #repaintedAt = -Infinity;
  #cancelTimer?: () => void;
  /** The repaint that is under way. */
  #repainting?: Promise<void>;

  /** @param options What to draw on. */
  constructor(options: ScreenOptions) {
    this.#options = {
      askCursor: () => Promise.resolve(undefined),
      doesReflow: true,
      monotonic: () => performance.now(),
      schedule: (callback, ms) => {
        const timer = setTimeout(callback, ms);
        return () => clearTimeout(timer);
      },
      ...options,
    };
  }

  /**
   * Prints above the prompt.
   *
   * @param item Laid out when it is drawn.
   * @returns When it is on the screen: who prints much should wait for it.
   * @throws {RangeError} (as a rejection) If 40,000 items wait already.
   * @throws {Error} (as a rejection) What `write` failed with; or after `close()`.
   */
  print(item: Item): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error("Cannot print: the screen is closed"));
    if (this.#waiting.length >= MAX_UNDRAWN_ITEMS) {
      return Promise.reject(new RangeError("Cannot print: too much waits for the terminal"));
    }
    const settle = Promise.withResolvers<void>();
    this.#waiting.push({ item, settle });
    this.#wake();
    return settle.promise;
  }

  /** Draws the prompt anew: it has changed. */
  refresh(): void {
    this.#isDirty = true;
    this.#wake();
  }

  /** Draws the prompt for a new size of the terminal. */
  resize(): void {
    this.refresh();
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
    while (this.#waiting.length > 0) await this.#repaint();
    if (this.#drawn) await this.#erase();
  }

  /** Stops the timer, and waits for the repaint that is under way. */
  async #settleDown(): Promise<void> {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    await this.#repainting;
  }

  async #erase(): Promise<void> {
    const text = erasePrompt(await this.#rowsAbove());
    this.#drawn = undefined;
    await this.#options.write(text);
  }

  #wake(): void {
    const isIdle = !this.#isClosed && !this.#isSuspended && !this.#repainting && !this.#cancelTimer;
    if (!isIdle || !this.#isDirty && this.#waiting.length === 0) return;
    const wait = this.#repaintedAt + REPAINT_MS - this.#options.monotonic();
    if (wait > 0) {
      this.#cancelTimer = this.#options.schedule(() => {
        this.#cancelTimer = undefined;
        this.#wake();
      }, wait);
      return;
    }
    this.#repainting = this.#repaint().finally(() => {
      this.#repainting = undefined;
      // From its end on: a terminal that is slow gets them at no higher rate.
      this.#repaintedAt = this.#options.monotonic();
      this.#wake();
    });
  }

  /** Never fails: who prints is told, and who only types sees it. */
  async #repaint(): Promise<void> {
    const rowsAbove = await this.#rowsAbove();
    const { write, size, theme, prompt } = this.#options;
    const { columns, rows } = readSize(size);
    this.#isDirty = false;
    const printed: Waiting[] = [];
    const above = this.#lay(columns, printed);
    try {
      const maxRows = Math.max(1, rows - 1);
      const { text, drawn } = drawPrompt(prompt({ columns, maxRows }), { theme, columns, maxRows });
      const cleared = this.#isToClear ? clearScreen(rows) : "";
      this.#isToClear = false;
      this.#drawn = drawn;
      await write(`${BEGIN}${erasePrompt(rowsAbove)}${above}${cleared}${text}${END}`);
      for (const { settle } of printed) settle.resolve();
    } catch (error) {
      for (const { settle } of printed) settle.reject(error);
    }
  }

  /** Takes what waits, up to what one repaint bears. */
  #lay(columns: number, printed: Waiting[]): string {
    const { monotonic } = this.#options;
    const giveUpAt = monotonic() + MAX_LAYOUT_MS;
    let text = "";
    let taken = 0;
    for (const waiting of this.#waiting) {
      if (taken === MAX_REPAINT_ITEMS || text.length >= MAX_REPAINT_CHARS) break;
      if (taken > 0 && monotonic() >= giveUpAt) break;
      taken++;
      try {
        for (const row of waiting.item(columns)) text += `${row}\r\n`;
        printed.push(waiting);
      } catch (error) {
        waiting.settle.reject(error);
      }
    }
    this.#waiting.splice(0, taken);
    return text;
  }

  async #rowsAbove(): Promise<number> {
    if (!this.#drawn) return 0;
    const { size, doesReflow, askCursor } = this.#options;
    const { columns } = readSize(size);
    return await countRowsAbove(this.#drawn, { columns, doesReflow, askCursor });
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
