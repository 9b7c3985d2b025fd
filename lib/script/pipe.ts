/**
 * The user's side where it is not a terminal: lines in, lines out.
 *
 * @module
 */

import { LineSplitter } from "../bytes/lines.ts";
import type { ShownMessage } from "../client/events.ts";
import type { Say } from "../messages/phrases.ts";
import { MAX_TEXT_BYTES } from "../protocol/limits.ts";
import { sanitize } from "../text/sanitize.ts";

/** Lines that are handed on at once: as many as the client encrypts at a time. */
export const MAX_BATCH_LINES = 16;

/** Streams of a {@linkcode Pipe}. */
export interface PipeStreams {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Standard error, line by line. */
  readonly report: (line: string) => void;
  /** Writes a message as text that need not be safe yet. */
  readonly format: (message: ShownMessage) => string;
  /** Says what is wrong in one language. */
  readonly say: Say;
}

/** Each line of input is one message; each message is one line of output. */
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
   * @returns Its lines, in batches of `MAX_BATCH_LINES` at most; a last one without LF counts.
   */
  async *inputs(): AsyncGenerator<string[]> {
    const splitter = new LineSplitter(MAX_TEXT_BYTES, () => {
      this.#refuse(
        this.#streams.say("a line is longer than {bytes} bytes", { bytes: MAX_TEXT_BYTES }),
      );
    });
    for await (const chunk of this.#streams.input) yield* this.#batches(splitter.push(chunk));
    const last = splitter.finish();
    if (last) yield* this.#batches([last]);
  }

  /** Writes messages of others, one line each. */
  async show(messages: readonly ShownMessage[]): Promise<void> {
    const { write, format } = this.#streams;
    const others = messages.filter(({ isOwn }) => !isOwn);
    if (others.length === 0) return;
    const output = others.map((message) => sanitize(format(message)) + "\n").join("");
    await write(new TextEncoder().encode(output));
  }

  /** Writes what happened, if it is worth a line. */
  happen(_event: unknown, text: string | undefined): void {
    if (text !== undefined) this.notify(text);
  }

  /** Nothing here shows the name. */
  setNickname(): void {}

  /** Nothing here shows to whom one writes. */
  setRecipient(): void {}

  /** Nothing here rings. */
  setBell(): void {}

  /** Each line has the times that it has. */
  toggleTimestamps(): boolean {
    return false;
  }

  /** There is no screen. */
  clear(): void {}

  /** Writes a diagnostic. */
  notify(text: string): void {
    this.#streams.report(sanitize(text));
  }

  *#batches(lines: readonly Uint8Array[]): Generator<string[]> {
    for (let i = 0; i < lines.length; i += MAX_BATCH_LINES) {
      const batch = lines.slice(i, i + MAX_BATCH_LINES).map((line) => this.#decode(line));
      yield batch.filter((text) => text !== undefined);
    }
  }

  #decode(line: Uint8Array): string | undefined {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
    } catch {
      this.#refuse(this.#streams.say("a line is not UTF-8"));
    }
  }

  #refuse(reason: string): void {
    this.#refusedLines++;
    this.notify(this.#streams.say("not sent: {reason}", { reason }));
  }
}
