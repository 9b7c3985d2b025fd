/**
 * The user's side of a conversation for a script: lines in, lines out.
 *
 * @module
 */

import { LineSplitter } from "../bytes/lines.ts";
import type { ShownMessage } from "../client/events.ts";
import type { Say } from "../messages/phrases.ts";
import { MAX_TEXT_BYTES } from "../protocol/limits.ts";
import { sanitize } from "../text/sanitize.ts";
import { TextWriter } from "./text_writer.ts";

/** Lines of one batch: as many as the client encrypts at a time. */
export const MAX_BATCH_LINES = 16;

/** What a {@linkcode Pipe} reads, writes and calls. */
export interface PipeStreams {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Standard error, line by line. */
  readonly report: (line: string) => void;
  /** Formats a message. The result need not be safe to show: the pipe makes it safe. */
  readonly format: (message: ShownMessage) => string;
  /** Says what is wrong, in the user's language. */
  readonly say: Say;
  /** Settles when texts may be written, and rejects if they may not. It is called again and again. */
  readonly untilReady?: () => Promise<void>;
}

/** Reads each line of input as one message, and writes each message of others as one line. */
export class Pipe {
  readonly #streams: PipeStreams;
  readonly #writer: TextWriter;
  #refusedLines = 0;

  constructor(streams: PipeStreams) {
    this.#streams = streams;
    this.#writer = new TextWriter(streams.write);
  }

  readonly isPatient = true;

  /** The number of lines that were too long, or not UTF-8. */
  get refusedLines(): number {
    return this.#refusedLines;
  }

  /**
   * Reads the input.
   *
   * @returns The lines, in batches of at most `MAX_BATCH_LINES`. A last line may lack its LF.
   * @throws {Error} As `untilReady` throws it.
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
    const { format } = this.#streams;
    if (messages.length === 0) return;
    const output = messages.map((message) => sanitize(format(message)) + "\n").join("");
    await this.#writer.write(output);
  }

  /** Writes `text`, if the event is worth a line. */
  happen(_event: unknown, text: string | undefined): void {
    if (text !== undefined) this.notify(text);
  }

  /** Writes what many events came to. */
  sumUp(text: string): void {
    this.notify(text);
  }

  /** Does nothing: a pipe does not show the name. */
  setNickname(): void {}

  /** Does nothing: a pipe does not show the recipient. */
  setRecipient(): void {}

  /** Does nothing: there is no bell. */
  setBell(): void {}

  /** Does nothing: only old messages have their time. */
  toggleTimestamps(): boolean {
    return false;
  }

  /** Does nothing: there is no screen. */
  clear(): void {}

  /** Writes a line to standard error. */
  notify(text: string): void {
    this.#streams.report(sanitize(text));
  }

  async *#batches(lines: readonly Uint8Array[]): AsyncGenerator<string[]> {
    for (let i = 0; i < lines.length; i += MAX_BATCH_LINES) {
      await this.#streams.untilReady?.();
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
