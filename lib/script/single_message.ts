/**
 * The user's side of a conversation for `--send`: one message, and nothing to read.
 *
 * @module
 */

import type { Happening } from "../client/events.ts";
import { sanitize } from "../text/sanitize.ts";

/**
 * Sends one text as one message. What others write is not shown. What goes wrong is reported.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const user = new SingleMessage("two\nlines", console.error);
 * const inputs = await Array.fromAsync(user.inputs());
 * assert.deepEqual(inputs, [[{ kind: "text", text: "two\nlines" }]]);
 * ```
 */
export class SingleMessage {
  readonly #text: string;
  readonly #report: (line: string) => void;
  readonly #untilReady: () => Promise<void>;

  /**
   * @param text Any text. It may have line breaks.
   * @param report Standard error, line by line.
   * @param untilReady Settles when the text may be written, and rejects if it may not.
   */
  constructor(
    text: string,
    report: (line: string) => void,
    untilReady: () => Promise<void> = () => Promise.resolve(),
  ) {
    this.#text = text;
    this.#report = report;
    this.#untilReady = untilReady;
  }

  /** No line is read here. The conversation refuses a text that is too long. */
  readonly refusedLines = 0;

  /** The text waits until it can be sent. */
  readonly isPatient = true;

  /**
   * The text. It is never a command.
   *
   * @throws {Error} As `untilReady` throws it.
   */
  async *inputs(): AsyncGenerator<{ readonly kind: "text"; readonly text: string }[]> {
    await this.#untilReady();
    yield [{ kind: "text", text: this.#text }];
  }

  /** Does nothing: messages of others are not shown. */
  show(): void {}

  /** Reports that the connection was lost, or is back. Other events are not reported. */
  happen(event: Happening, text: string | undefined): void {
    const isOfConnection = event.kind === "disconnected" || event.kind === "live";
    if (isOfConnection && text !== undefined) this.notify(text);
  }

  /** Writes a line to standard error. */
  notify(text: string): void {
    this.#report(sanitize(text));
  }

  /** Does nothing: the name is not shown. */
  setNickname(): void {}

  /** Does nothing: the recipient is not shown. */
  setRecipient(): void {}

  /** Does nothing: there is no bell. */
  setBell(): void {}

  /** Does nothing: no times are shown. */
  toggleTimestamps(): boolean {
    return false;
  }

  /** Does nothing: there is no screen. */
  clear(): void {}
}
