/**
 * The user's side of a conversation for a bot: input and output are JSON, one object a line.
 *
 * @module
 * @see docs/JSON.md
 */

import { LineSplitter } from "../bytes/lines.ts";
import { KIB } from "../bytes/units.ts";
import type { Happening, ShownMessage } from "../client/events.ts";
import type { Say } from "../messages/phrases.ts";
import { Confirmations } from "./confirmations.ts";
import { parseJsonInput, toWanted, type Wanted } from "./json_input.ts";
import { formatHappening, formatMessage } from "./json_output.ts";
import type { JsonError, JsonHello, JsonInput, JsonMember, JsonRef } from "./json_types.ts";
import { JsonWriter } from "./json_writer.ts";

/** Longest line of input, in bytes: the longest text, with each of its bytes escaped. */
export const MAX_JSON_LINE_BYTES = 256 * KIB;

/** What a {@linkcode JsonInterface} reads, writes and calls. */
export interface JsonParts {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** The first line of output. */
  readonly hello: Omit<JsonHello, "type" | "time">;
  /** Waits until the relay has all that was written so far. Returns false if it never will. */
  readonly untilTaken: () => Promise<boolean>;
  /** Lists the clients that are here. */
  readonly members: () => readonly JsonMember[];
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** Says what is wrong, in the user's language. */
  readonly say: Say;
  /** Settles when inputs may be carried out. It is called again and again. */
  readonly untilReady?: () => Promise<void>;
}

/** Types of input that are answered by a notice. */
const ASKING: readonly JsonInput["type"][] = [
  "whois",
  "verify",
  "trust",
  "ignore",
  "unignore",
  "status",
  "send",
  "take",
  "cancel",
  "files",
];

/** An input that is being carried out. */
interface Task {
  readonly ref: JsonRef | undefined;
  readonly isAsking: boolean;
  /** Lines of the answer so far. */
  readonly answer: string[];
  isRefused: boolean;
}

/**
 * Carries out inputs one by one: what is answered while an input is carried out is that input's
 * answer. `show()` and `happen()` wait for their output, so that a slow bot slows the client down.
 */
export class JsonInterface {
  readonly #parts: JsonParts;
  readonly #writer: JsonWriter;
  #refusedLines = 0;
  /** The input that is being carried out. */
  #task: Task | undefined;
  readonly #confirmations: Confirmations;

  private constructor(parts: JsonParts) {
    this.#parts = parts;
    this.#writer = new JsonWriter(parts.write, parts.now);
    this.#confirmations = new Confirmations({
      untilTaken: parts.untilTaken,
      tell: (refs) => this.#writer.remark(...refs.map((ref) => ({ type: "taken", ref }) as const)),
    });
  }

  /**
   * Writes `hello`.
   *
   * @throws {Error} As `write` throws it.
   */
  static async open(parts: JsonParts): Promise<JsonInterface> {
    const bot = new JsonInterface(parts);
    await bot.#writer.remark({ type: "hello", ...parts.hello });
    return bot;
  }

  readonly isPatient = true;

  /** The number of lines that were no inputs. */
  get refusedLines(): number {
    return this.#refusedLines;
  }

  /**
   * Reads the input.
   *
   * @returns The inputs, each in a batch of its own. A batch is done when the next one is asked for.
   */
  async *inputs(): AsyncGenerator<Wanted[]> {
    const splitter = new LineSplitter(MAX_JSON_LINE_BYTES, () => {
      const bytes = MAX_JSON_LINE_BYTES;
      this.#reject(this.#parts.say("a line is longer than {bytes} bytes", { bytes }));
    });
    for await (const chunk of this.#parts.input) {
      for (const line of splitter.push(chunk)) yield* this.#take(line);
    }
    const last = splitter.finish();
    if (last) yield* this.#take(last);
  }

  /** Writes messages of others. */
  async show(messages: readonly ShownMessage[]): Promise<void> {
    if (messages.length > 0) await this.#writer.write(...messages.map(formatMessage));
  }

  /** Writes an event. A count of rejected lines is written only if it is worth a line to people. */
  async happen(event: Happening, text: string | undefined): Promise<void> {
    if (event.kind === "rejected" && text === undefined) return;
    await this.#writer.write(formatHappening(event, this.#writer.time));
  }

  /** Writes why the current input is not carried out. */
  refuse(message: string): void {
    if (this.#task) this.#task.isRefused = true;
    this.#error("refused", message, this.#task?.ref).catch(leaveToNext);
  }

  /** Adds a line to the current input's answer. Without a current input, writes a notice. */
  notify(text: string): void {
    if (this.#task) this.#task.answer.push(text);
    else this.#notice(text, undefined).catch(leaveToNext);
  }

  /** Does nothing: a bot knows the name that it asked for. */
  setNickname(): void {}

  /** Does nothing: a bot names the recipient of each private message. */
  setRecipient(): void {}

  /** Does nothing: there is no bell. */
  setBell(): void {}

  /** Does nothing: each line has its time. */
  toggleTimestamps(): boolean {
    return true;
  }

  /** Does nothing: there is no screen. */
  clear(): void {}

  /**
   * Writes what the relay has taken by the end, and then the failure, if there is one.
   *
   * @param failure What ended the conversation, in words.
   * @returns When all is written. This waits for `untilTaken()`.
   */
  async finish(failure?: string): Promise<void> {
    await this.#confirmations.settled;
    if (failure !== undefined) await this.#error("fatal", failure, undefined);
  }

  async *#take(line: Uint8Array): AsyncGenerator<Wanted[]> {
    const { say, members } = this.#parts;
    const text = decode(line);
    if (text === undefined) return await this.#reject(say("a line is not UTF-8"));
    const parsed = parseJsonInput(text, say);
    if ("mistake" in parsed) return await this.#reject(parsed.mistake, parsed.ref);
    const { input } = parsed;
    const { type, ref } = input;
    if (type === "names") {
      return await this.#writer.remark({ type, members: members(), ...named(ref) });
    }
    // No input is read after this one.
    if (type === "quit") return yield [toWanted(input)];
    const task = { ref, isAsking: ASKING.includes(type), answer: [], isRefused: false };
    await this.#parts.untilReady?.();
    this.#task = task;
    yield [toWanted(input)];
    this.#task = undefined;
    await this.#complete(task);
  }

  async #complete({ ref, isAsking, answer, isRefused }: Task): Promise<void> {
    if (answer.length > 0) await this.#notice(answer.join("\n"), ref);
    if (isRefused) return await this.#writer.write();
    if (!isAsking && ref !== undefined) await this.#confirmations.add(ref);
  }

  async #reject(mistake: string, ref?: JsonRef): Promise<void> {
    this.#refusedLines++;
    await this.#error("input", mistake, ref);
  }

  #error(
    reason: JsonError["reason"],
    message: string,
    ref: JsonRef | undefined,
  ): Promise<void> {
    return this.#writer.remark({ type: "error", reason, message, ...named(ref) });
  }

  #notice(text: string, ref: JsonRef | undefined): Promise<void> {
    return this.#writer.remark({ type: "notice", text, ...named(ref) });
  }
}

/** Ignores that a write failed, because the next write fails, too. */
function leaveToNext(_error: unknown): void {}

function named(ref: JsonRef | undefined): { readonly ref?: JsonRef } {
  return ref === undefined ? {} : { ref };
}

function decode(line: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(line);
  } catch {
    return undefined;
  }
}
