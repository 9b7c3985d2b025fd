/**
 * What commands ask their user: at the terminal, or on the lines of standard input.
 *
 * @module
 */

import { LF, LineSplitter } from "../bytes/lines.ts";
import { MAX_PASSPHRASE_BYTES } from "../crypto/sealed_text.ts";
import { ChatError, LineTooLongError } from "../errors.ts";
import type { PlainPhrase, Say } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { setModes } from "../terminal/input/tty_calls.ts";

/** What keys send that mean something while nothing is shown. */
const END = "\x04";
const ERASE = ["\b", "\x7f"];
const DISCARD = "\x15";
const TAB = "\t";
/** Begins the bytes of a key that types nothing, such as an arrow. */
const ESCAPE = "\x1b";

/** Completes a text that is being typed. */
export type Complete = (text: string) => Promise<string>;

/** What {@linkcode Questions} read and write. */
export interface QuestionsParts {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether standard input is a terminal. */
  readonly isTerminal: boolean;
  /** Writes to standard error, without an LF. */
  readonly write: (text: string) => void;
  /** Adds what is to be done before the process ends. */
  readonly before: (farewell: () => Promise<unknown>) => void;
  readonly say: Say;
}

/** Asks questions. Where there is no terminal, the answers are the lines of standard input. */
export class Questions {
  readonly #parts: QuestionsParts;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #splitter = new LineSplitter(MAX_PASSPHRASE_BYTES);
  /** What was read behind the last line. */
  #unread: Uint8Array | undefined;
  readonly #decoder = new TextDecoder();
  /** What was typed behind the last hidden answer. */
  #keys: string[] = [];

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
    this.#chunks = parts.input[Symbol.asyncIterator]();
  }

  /** Whether there is somebody to be asked. */
  get isTerminal(): boolean {
    return this.#parts.isTerminal;
  }

  /** Says a line before a question. */
  tell(line: Wording): void {
    this.#parts.write(`${this.#parts.say(line)}\n`);
  }

  /**
   * Asks a question at the terminal. What is typed is shown.
   *
   * @param question The question.
   * @returns What was entered; undefined at the end of the input.
   * @throws {LineTooLongError} If it is longer than `MAX_PASSPHRASE_BYTES`.
   */
  async ask(question: Wording): Promise<string | undefined> {
    this.#parts.write(this.#parts.say(question));
    return await this.#line();
  }

  /**
   * Reads a secret: asks for it and shows nothing, or takes the next line.
   *
   * @param question What to ask for.
   * @returns The secret. It is not empty.
   * @throws {ChatError} If none was given.
   * @throws {LineTooLongError} If it is longer than `MAX_PASSPHRASE_BYTES`.
   */
  async readSecret(question: PlainPhrase): Promise<string> {
    const secret = this.isTerminal ? await this.#askKeys(question) : await this.#line();
    if (new TextEncoder().encode(secret).length > MAX_PASSPHRASE_BYTES) {
      throw new LineTooLongError(MAX_PASSPHRASE_BYTES);
    }
    if (secret) return secret;
    throw new ChatError(worded("Cannot go on: nothing was entered"));
  }

  /**
   * Asks for words that Tab completes, or takes the next line.
   *
   * @param question What to ask for.
   * @param complete Completes a text.
   * @returns What was entered; undefined at the end of the input.
   * @throws {LineTooLongError} If it is longer than `MAX_PASSPHRASE_BYTES`.
   */
  async askWords(question: PlainPhrase, complete: Complete): Promise<string | undefined> {
    return this.isTerminal ? await this.#askKeys(question, complete) : await this.#line();
  }

  /** The input behind what was read. Nothing can be asked any more. */
  async *rest(): AsyncGenerator<Uint8Array> {
    if (this.#unread) yield this.#unread;
    yield* { [Symbol.asyncIterator]: () => this.#chunks };
  }

  async #line(): Promise<string | undefined> {
    for (;;) {
      const chunk = this.#unread ?? (await this.#chunks.next()).value as Uint8Array | undefined;
      const end = (chunk?.indexOf(LF) ?? -1) + 1 || Infinity;
      this.#unread = chunk && chunk.length > end ? chunk.subarray(end) : undefined;
      const line = chunk ? this.#splitter.push(chunk.subarray(0, end))[0] : this.#splitter.finish();
      if (line) return new TextDecoder("utf-8", { ignoreBOM: true }).decode(line);
      if (!chunk) return undefined;
    }
  }

  /** Reads keys. What is typed is shown if there is something to complete it with. */
  async #askKeys(question: PlainPhrase, complete?: Complete): Promise<string | undefined> {
    const { write, before, say } = this.#parts;
    const hasStop = Deno.build.os !== "windows";
    // A process that goes on after a stop would show what is typed.
    const ignoreStop = () => {};
    if (hasStop) Deno.addSignalListener("SIGTSTP", ignoreStop);
    let isAsking = true;
    const giveBack = () => {
      setModes(false);
      if (isAsking) write("\n");
      isAsking = false;
    };
    before(() => Promise.resolve(giveBack()));
    setModes(true);
    write(say(question));
    try {
      return await this.#typed(complete);
    } finally {
      giveBack();
      if (hasStop) Deno.removeSignalListener("SIGTSTP", ignoreStop);
    }
  }

  /** Undefined if the user gave up, or the terminal is gone. */
  async #typed(complete?: Complete): Promise<string | undefined> {
    let typed: string[] = [];
    for (let shown = "";;) {
      for (let key; (key = this.#keys.shift()) !== undefined;) {
        if (key === "\r" || key === "\n") {
          if (complete) this.#show(shown, typed.join(""));
          return typed.join("");
        }
        if (key === END) return undefined;
        if (key === DISCARD) typed = [];
        else if (ERASE.includes(key)) typed.pop();
        else if (key === TAB && complete) typed = [...await complete(typed.join(""))];
        else if (typed.length <= MAX_PASSPHRASE_BYTES && !(complete && key < " ")) typed.push(key);
      }
      if (complete) shown = this.#show(shown, typed.join(""));
      const { value, done } = await this.#chunks.next();
      if (done) return undefined;
      const text = this.#decoder.decode(value, { stream: true });
      if (!text.startsWith(ESCAPE)) this.#keys = [...text];
    }
  }

  /** Shows a text in place of another, and returns it. */
  #show(before: string, after: string): string {
    let same = 0;
    while (same < before.length && before[same] === after[same]) same++;
    this.#parts.write("\b \b".repeat(before.length - same) + after.slice(same));
    return after;
  }
}
