/**
 * The user's side at a terminal: a prompt, and messages above it.
 *
 * @module
 */

import process from "node:process";
import * as readline from "node:readline";
import { bold, dim, red } from "@std/fmt/colors";
import { sanitize } from "./sanitize.ts";

/** A line to be shown, and how it is meant. */
export interface PromptLine {
  /** From others: not safe yet. */
  readonly text: string;
  readonly tone: "normal" | "old" | "alert";
}

const STYLES = { normal: String, old: dim, alert: (text: string) => bold(red(text)) } as const;

/**
 * Reads lines with Node's readline and prints messages above the one that is
 * being typed, which stays as it is.
 *
 * @example
 * ```ts ignore
 * using prompt = new Prompt({ nickname: "alice", onInterrupt: () => Deno.exit(130) });
 * for await (const [line] of prompt.inputs()) prompt.notify(line);
 * ```
 */
export class Prompt implements Disposable {
  /** Everything that can be typed can be sent, but for its length. */
  readonly refusedLines = 0;
  /** A user who waits cannot even leave. */
  readonly isPatient = false;
  readonly #readline: readline.Interface;
  #isClosed = false;

  /** @param options `nickname`: shown before the line; `onInterrupt`: called on Ctrl-C. */
  constructor({ nickname, onInterrupt }: { nickname: string; onInterrupt: () => void }) {
    const { stdin: input, stdout: output } = process;
    this.#readline = readline.createInterface({ input, output, terminal: true });
    this.setNickname(nickname);
    this.#readline.on("SIGINT", onInterrupt);
    this.#readline.on("SIGTSTP", () => this.notify("suspending is not possible here"));
    this.#readline.once("close", () => this.#isClosed = true);
  }

  /** Reads what the user enters, until Ctrl-D; empty lines are left out. */
  async *inputs(): AsyncGenerator<string[]> {
    this.#readline.prompt();
    for await (const line of this.#readline) {
      // Ctrl-D may follow Enter before this line is looked at.
      if (!this.#isClosed) this.#readline.prompt();
      if (line !== "") yield [line];
    }
  }

  /** Prints messages above the prompt, one line each. */
  show(lines: readonly PromptLine[]): void {
    this.#printAbove(lines.map(({ text, tone }) => STYLES[tone](sanitize(text))));
  }

  /** Shows under which name the user writes, from the next prompt on. */
  setNickname(nickname: string): void {
    this.#readline.setPrompt(`<${nickname}> `);
  }

  /** Prints a remark above the prompt. */
  notify(text: string): void {
    this.#printAbove([`-- ${sanitize(text)}`]);
  }

  /** Gives the terminal back as it was, on a line of its own. */
  [Symbol.dispose](): void {
    this.#readline.close();
    readline.cursorTo(process.stdout, 0);
    readline.clearScreenDown(process.stdout);
  }

  #printAbove(lines: readonly string[]): void {
    if (this.#isClosed) {
      // Left, but not gone yet: what still comes is shown, without a prompt.
      process.stdout.write(lines.map((line) => line + "\n").join(""));
      return;
    }
    const { rows } = this.#readline.getCursorPos();
    readline.moveCursor(process.stdout, 0, -rows);
    readline.cursorTo(process.stdout, 0);
    readline.clearScreenDown(process.stdout);
    process.stdout.write(lines.map((line) => line + "\n").join(""));
    // The draft now starts on the row of the cursor, whatever it took before.
    Object.assign(this.#readline, { prevRows: 0 });
    this.#readline.prompt(true);
  }
}
