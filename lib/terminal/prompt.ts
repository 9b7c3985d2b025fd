/**
 * The user's side at a terminal: a prompt, and messages above it.
 *
 * @module
 */

import process from "node:process";
import * as readline from "node:readline";
import { sanitize } from "./sanitize.ts";

/** A message, as far as this module looks at it. */
export interface PromptMessage {
  /** Whether the user wrote it here. */
  readonly isOwn: boolean;
}

/**
 * Reads lines with Node's readline and prints messages above the one that is
 * being typed, which stays as it is.
 *
 * @example
 * ```ts ignore
 * using prompt = new Prompt({ nickname: "alice", onInterrupt, format });
 * for await (const [line] of prompt.inputs()) prompt.notify(line);
 * ```
 */
export class Prompt<Message extends PromptMessage> implements Disposable {
  /** Everything that can be typed can be sent, but for its length. */
  readonly refusedLines = 0;
  /** A user who waits cannot even leave. */
  readonly isPatient = false;
  readonly #format: (message: Message) => string;
  readonly #readline: readline.Interface;
  #isClosed = false;

  /** @param options `nickname`: shown before the line; `onInterrupt`: called on Ctrl-C. */
  constructor(
    { nickname, onInterrupt, format }: {
      nickname: string;
      onInterrupt: () => void;
      format: (message: Message) => string;
    },
  ) {
    this.#format = format;
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
  show(messages: readonly Message[]): void {
    const others = messages.filter(({ isOwn }) => !isOwn);
    this.#printAbove(others.map((message) => sanitize(this.#format(message))));
  }

  happen(_event: unknown, text: string | undefined): void {
    if (text !== undefined) this.notify(text);
  }

  setRecipient(): void {}
  setBell(): void {}
  toggleTimestamps(): boolean {
    return false;
  }
  clear(): void {}

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
