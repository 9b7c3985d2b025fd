/**
 * The user's side where there is one message to send and nothing to read.
 *
 * @module
 */

import type { Happening } from "../client/events.ts";
import { sanitize } from "../text/sanitize.ts";

/**
 * Sends one text. What others write is not shown; what goes wrong is reported.
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

  /**
   * @param text Any text; with line breaks it is one message all the same.
   * @param report Standard error, line by line.
   */
  constructor(text: string, report: (line: string) => void) {
    this.#text = text;
    this.#report = report;
  }

  /** Nothing is refused here: what is too long, the conversation refuses. */
  readonly refusedLines = 0;

  /** It waits until it can be sent. */
  readonly isPatient = true;

  /** The text, which is never a command. */
  async *inputs(): AsyncGenerator<{ readonly kind: "text"; readonly text: string }[]> {
    yield [{ kind: "text", text: this.#text }];
    await Promise.resolve();
  }

  /** Nothing of others is shown. */
  show(): void {}

  /** Reports that the connection was lost, or is back. */
  happen(event: Happening, text: string | undefined): void {
    const isOfConnection = event.kind === "disconnected" || event.kind === "live";
    if (isOfConnection && text !== undefined) this.notify(text);
  }

  /** Reports. */
  notify(text: string): void {
    this.#report(sanitize(text));
  }

  /** Nothing here shows the name. */
  setNickname(): void {}

  /** Nothing here shows to whom one writes. */
  setRecipient(): void {}

  /** Nothing here rings. */
  setBell(): void {}

  /** No times are shown. */
  toggleTimestamps(): boolean {
    return false;
  }

  /** There is no screen. */
  clear(): void {}
}
