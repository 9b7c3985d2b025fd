/**
 * The user's side where it is not a terminal: lines in, lines out.
 *
 * @module
 */

import { LineSplitter } from "../lines.ts";
import { MAX_CRYPTO_IN_FLIGHT, MAX_TEXT_BYTES } from "../limits.ts";
import { sanitize } from "./sanitize.ts";

/** Streams of a {@linkcode Pipe}. */
export interface PipeStreams {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Standard error, line by line. */
  readonly report: (line: string) => void;
}

/**
 * Each line of input is one message; each message is one line of output.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const output: string[] = [];
 * const pipe = new Pipe({
 *   input: (async function* () {})(),
 *   write: (bytes) => Promise.resolve(void output.push(new TextDecoder().decode(bytes))),
 *   report: console.error,
 * });
 * await pipe.show([{ text: "<bob> a\nb" }, { text: "<bob> c" }]);
 * assert.deepEqual(output, ["<bob> a ⏎ b\n<bob> c\n"]);
 * ```
 */
export class Pipe {
  readonly #streams: PipeStreams;
  #refusedLines = 0;

  /** @param streams Standard input, output and error. */
  constructor(streams: PipeStreams) {
    this.#streams = streams;
  }

  /** Its input waits while it is not read. */
  readonly isPatient = true;

  /** Lines that were not messages: too long, or not UTF-8. */
  get refusedLines(): number {
    return this.#refusedLines;
  }

  /**
   * Reads the input.
   *
   * @returns Its lines, in batches of 16 at most; a last one without LF counts.
   */
  async *inputs(): AsyncGenerator<string[]> {
    const splitter = new LineSplitter(MAX_TEXT_BYTES, () => {
      this.#refuse(`a line is longer than ${MAX_TEXT_BYTES} bytes`);
    });
    for await (const chunk of this.#streams.input) yield* this.#batches(splitter.push(chunk));
    const last = splitter.finish();
    if (last) yield* this.#batches([last]);
  }

  /** Writes messages, one line each. */
  async show(lines: readonly { readonly text: string }[]): Promise<void> {
    const output = lines.map(({ text }) => sanitize(text) + "\n").join("");
    await this.#streams.write(new TextEncoder().encode(output));
  }

  /** Nothing here shows the name. */
  setNickname(): void {}

  /** Writes a diagnostic. */
  notify(text: string): void {
    this.#streams.report(sanitize(text));
  }

  *#batches(lines: readonly Uint8Array[]): Generator<string[]> {
    for (let i = 0; i < lines.length; i += MAX_CRYPTO_IN_FLIGHT) {
      const batch = lines.slice(i, i + MAX_CRYPTO_IN_FLIGHT).map((line) => this.#decode(line));
      yield batch.filter((text) => text !== undefined);
    }
  }

  #decode(line: Uint8Array): string | undefined {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
    } catch {
      this.#refuse("a line is not UTF-8");
    }
  }

  #refuse(reason: string): void {
    this.#refusedLines++;
    this.notify(`not sent: ${reason}`);
  }
}
