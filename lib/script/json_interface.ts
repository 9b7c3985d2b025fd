/**
 * The user's side where it is a bot: a JSON object a line, in and out.
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

/** Longest line of input from a bot, in bytes: the longest text, each byte of it escaped. */
export const MAX_JSON_LINE_BYTES = 256 * KIB;

/** What a {@linkcode JsonInterface} works with. */
export interface JsonParts {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** What the first line says. */
  readonly hello: Omit<JsonHello, "type" | "time">;
  /** Waits until the relay has all that was written so far; false if it never will. */
  readonly untilTaken: () => Promise<boolean>;
  /** Who is here. */
  readonly members: () => readonly JsonMember[];
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** Says what is wrong in one language. */
  readonly say: Say;
}

/** Types of input that are answered by a notice. */
const ASKING: readonly JsonInput["type"][] = [
  "whois",
  "verify",
  "trust",
  "ignore",
  "unignore",
  "status",
];

/** An input that is being carried out. */
interface Task {
  readonly ref: JsonRef | undefined;
  readonly isAsking: boolean;
  /** What was said meanwhile. */
  readonly answer: string[];
  isRefused: boolean;
}

/** Carries out one input after the other. Whoever makes many lines of output waits for them. */
export class JsonInterface {
  readonly #parts: JsonParts;
  readonly #writer: JsonWriter;
  #refusedLines = 0;
  /** Inputs come one by one, and nothing else is answered meanwhile. */
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
   * Says hello.
   *
   * @param parts What it works with.
   * @throws {Error} What `write` throws.
   */
  static async open(parts: JsonParts): Promise<JsonInterface> {
    const bot = new JsonInterface(parts);
    await bot.#writer.remark({ type: "hello", ...parts.hello });
    return bot;
  }

  /** Its input waits while it is not read. */
  readonly isPatient = true;

  /** Lines that were no inputs. */
  get refusedLines(): number {
    return this.#refusedLines;
  }

  /**
   * Reads the input.
   *
   * @returns What is to be done, one by one: an input is done when the next is asked for.
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
    const others = messages.filter(({ isOwn }) => !isOwn).map(formatMessage);
    if (others.length > 0) await this.#writer.write(...others);
  }

  /** Writes what happened; of what cannot be shown only what is worth a line to people. */
  async happen(event: Happening, text: string | undefined): Promise<void> {
    if (event.kind === "rejected" && text === undefined) return;
    await this.#writer.write(formatHappening(event, this.#writer.time));
  }

  /** Writes why what is being carried out is not done. */
  refuse(message: string): void {
    if (this.#task) this.#task.isRefused = true;
    this.#error("refused", message, this.#task?.ref).catch(leaveToNext);
  }

  /** Keeps a part of the answer; where nothing was asked, writes a remark. */
  notify(text: string): void {
    if (this.#task) this.#task.answer.push(text);
    else this.#notice(text, undefined).catch(leaveToNext);
  }

  /** A bot knows the name by what it asked for. */
  setNickname(): void {}

  /** A bot says of each text to whom it goes. */
  setRecipient(): void {}

  /** Nothing here rings. */
  setBell(): void {}

  /** Each line has its time. */
  toggleTimestamps(): boolean {
    return true;
  }

  /** There is no screen. */
  clear(): void {}

  /**
   * Writes what the relay has taken by the end; and why it is the end, if something failed.
   *
   * @param failure What failed, in words.
   * @returns When all is written. It waits for `untilTaken()`.
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
    // After it nothing is asked any more.
    if (type === "quit") return yield [toWanted(input)];
    const task = { ref, isAsking: ASKING.includes(type), answer: [], isRefused: false };
    this.#task = task;
    yield [toWanted(input)];
    this.#task = undefined;
    await this.#complete(task);
  }

  async #complete({ ref, isAsking, answer, isRefused }: Task): Promise<void> {
    if (answer.length > 0) await this.#notice(answer.join("\n"), ref);
    if (isRefused) return await this.#writer.write();
    if (!isAsking && ref !== undefined) this.#confirmations.add(ref);
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

/** A write that failed: the next one learns of it. */
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
