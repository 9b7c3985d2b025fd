/**
 * Writes text to a stream, in order.
 *
 * @module
 */

/**
 * Writes text in the order of the calls, one write at a time. All that is added during a write is
 * written at once after it. Nothing bounds the text that waits: callers have to wait for `write()`.
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
   * @returns When the text is written.
   * @throws {Error} As the constructor's `write` throws it. All later calls reject with this error.
   */
  write(text: string): Promise<void> {
    this.#pending += text;
    this.#turn = this.#turn.then(() => this.#flush());
    // A caller that does not wait learns of the error from its next call.
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
