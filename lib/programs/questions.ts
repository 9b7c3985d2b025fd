/**
 * What commands ask their user: at the terminal, or on the lines of standard input.
 *
 * @module
 */

import { LineSplitter } from "../bytes/lines.ts";
import { MAX_PASSPHRASE_BYTES } from "../crypto/sealed_text.ts";
import { ChatError, LineTooLongError } from "../errors.ts";
import type { PlainPhrase, Say } from "../messages/phrases.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { setModes } from "../terminal/input/tty_calls.ts";

/** What keys send that mean something while nothing is shown. */
const END = "\x04";
const ERASE = ["\b", "\x7f"];
const DISCARD = "\x15";
/** Begins the bytes of a key that types nothing, such as an arrow. */
const ESCAPE = "\x1b";

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
  readonly #lines: Uint8Array[] = [];
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
    const secret = this.isTerminal ? await this.#askHidden(question) : await this.#line();
    if (new TextEncoder().encode(secret).length > MAX_PASSPHRASE_BYTES) {
      throw new LineTooLongError(MAX_PASSPHRASE_BYTES);
    }
    if (secret) return secret;
    throw new ChatError(worded("Cannot go on: nothing was entered"));
  }

  async #line(): Promise<string | undefined> {
    while (this.#lines.length === 0) {
      const { value, done } = await this.#chunks.next();
      const last = done ? this.#splitter.finish() : undefined;
      if (done && last === undefined) return undefined;
      this.#lines.push(...done ? [last!] : this.#splitter.push(value));
    }
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.#lines.shift());
  }

  async #askHidden(question: PlainPhrase): Promise<string | undefined> {
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
      return await this.#typed();
    } finally {
      giveBack();
      if (hasStop) Deno.removeSignalListener("SIGTSTP", ignoreStop);
    }
  }

  /** Undefined if the user gave up, or the terminal is gone. */
  async #typed(): Promise<string | undefined> {
    let typed: string[] = [];
    for (;;) {
      for (let key; (key = this.#keys.shift()) !== undefined;) {
        if (key === "\r" || key === "\n") return typed.join("");
        if (key === END) return undefined;
        if (key === DISCARD) typed = [];
        else if (ERASE.includes(key)) typed.pop();
        else if (typed.length <= MAX_PASSPHRASE_BYTES) typed.push(key);
      }
      const { value, done } = await this.#chunks.next();
      if (done) return undefined;
      const text = this.#decoder.decode(value, { stream: true });
      if (!text.startsWith(ESCAPE)) this.#keys = [...text];
    }
  }
}
