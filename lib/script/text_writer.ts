/**
 * Text on its way to a stream, in the order in which it was written.
 *
 * @module
 */

/**
 * Writes in the order of the calls, one write at a time; what comes during a write goes out
 * together with the next. Its memory grows with what is written by callers that do not wait.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const written: string[] = [];
 * const writer = new TextWriter((bytes) => {
 *   return Promise.resolve(void written.push(new TextDecoder().decode(bytes)));
 * });
 * writer.write("a\n");
 * await writer.write("b\n");
 * assert.deepEqual(written, ["a\nb\n"]);
 * ```
 */
export class TextWriter {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  #pending = "";
  #turn: Promise<void> = Promise.resolve();

  /** @param write Writes all of the bytes. */
  constructor(write: (bytes: Uint8Array) => Promise<void>) {
    this.#write = write;
  }

  /**
   * Adds text.
   *
   * @returns When it is written. After a write that failed, this rejects with its error for good.
   */
  write(text: string): Promise<void> {
    this.#pending += text;
    this.#turn = this.#turn.then(() => this.#flush());
    // A caller need not wait: the next write fails, too.
    this.#turn.catch(() => this.#pending = "");
    return this.#turn;
  }

  async #flush(): Promise<void> {
    if (this.#pending === "") return;
    const text = this.#pending;
    this.#pending = "";
    await this.#write(new TextEncoder().encode(text));
  }
}
