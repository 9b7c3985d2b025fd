/**
 * A real terminal emulator in memory: xterm.js without its window.
 *
 * @module
 */

import xterm from "@xterm/headless";
import { UNICODE_PROVIDERS, type Widths } from "./unicode_widths.ts";

/** One terminal of a given size; what it is fed is on its screen when `feed()` is done. */
export class VirtualTerminal implements Disposable {
  /** What the terminal answered so far, such as `\x1b[1;1R`. */
  answers = "";
  /** How often it rang. */
  bells = 0;
  /** What its window is called. */
  title = "";
  readonly #terminal: InstanceType<typeof xterm.Terminal>;

  /**
   * @param columns Its width.
   * @param rows Its height.
   * @param reflowCursorLine Whether a resize reflows the row of the cursor too, as VTE does.
   * @param reflows Whether a resize breaks rows at all.
   */
  constructor(columns: number, rows: number, reflowCursorLine = false, reflows = true) {
    this.#terminal = new xterm.Terminal({
      allowProposedApi: true,
      cols: columns,
      rows,
      scrollback: 200_000,
      reflowCursorLine,
      windowOptions: { pushTitle: true, popTitle: true },
      // Consoles of that age break no rows.
      windowsPty: reflows ? {} : { backend: "conpty", buildNumber: 20_000 },
    });
    this.#terminal.onData((answer) => this.answers += answer);
    this.#terminal.onBell(() => this.bells++);
    this.#terminal.onTitleChange((title) => this.title = title);
    for (const provider of UNICODE_PROVIDERS) this.#terminal.unicode.register(provider);
  }

  /** Sets what it thinks of the widths of characters. */
  set widths(widths: Widths) {
    this.#terminal.unicode.activeVersion = widths;
  }

  /** Shows text or bytes, and waits until they are on the screen. */
  feed(output: string | Uint8Array): Promise<void> {
    // After a key, the emulator shows at once what comes; else it waits for a timer each time.
    this.#terminal.input("", true);
    return new Promise((resolve) => this.#terminal.write(output, resolve));
  }

  /** The rows on the screen, without the spaces at their ends and the empty rows at the end. */
  screen(): string[] {
    return this.#rows(this.#terminal.buffer.active.baseY);
  }

  /** The same with all that was scrolled out of it before. */
  all(): string[] {
    return this.#rows(0);
  }

  /** Column and row of the cursor on the screen, from 0. */
  cursor(): [column: number, row: number] {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return [cursorX, cursorY];
  }

  /** Changes the size, as a window does. */
  resize(columns: number, rows: number): void {
    this.#terminal.resize(columns, rows);
  }

  /** What is switched on. */
  get modes(): InstanceType<typeof xterm.Terminal>["modes"] {
    return this.#terminal.modes;
  }

  /** Lets go of the terminal. */
  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }

  #rows(first: number): string[] {
    const { active } = this.#terminal.buffer;
    const rows: string[] = [];
    for (let y = first; y < active.length; y++) {
      // Rows that are never broken keep what is outside of the window.
      const shown = active.getLine(y)!.translateToString(true, 0, this.#terminal.cols);
      rows.push(shown.trimEnd());
    }
    while (rows.at(-1) === "") rows.pop();
    return rows;
  }
}
