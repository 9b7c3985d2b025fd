/**
 * The user's side of a conversation for a bot in the same process: functions in, events out.
 *
 * @module
 * @see docs/JSON.md, "A bot in TypeScript"
 */

import { Channel } from "../async/channel.ts";
import type { UserInterface } from "../chat/user_interface.ts";
import type { Happening, ShownMessage } from "../client/events.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { toWanted, type Wanted } from "./json_input.ts";
import { formatHappening, formatMessage } from "./json_output.ts";
import type { JsonAsking, JsonHappening, JsonMessage, JsonWriting } from "./json_types.ts";

/** Events that wait for the bot. While more wait, nothing is taken from the relay. */
export const MAX_WAITING_EVENTS = 500;

/** An input that is being carried out, or that waits. */
interface Task {
  readonly wanted: Wanted;
  /** Lines of the answer so far. */
  readonly answer: string[];
  refusal?: string;
  readonly done: PromiseWithResolvers<void>;
}

/** Carries out inputs one by one, and returns each answer to the caller of its input. */
export class TypedInterface implements UserInterface {
  readonly isPatient = true;
  readonly refusedLines = 0;
  readonly #events: Channel<JsonMessage | JsonHappening> = new Channel(MAX_WAITING_EVENTS);
  readonly #tasks: Channel<Task> = new Channel();
  /** The inputs that are not done. */
  readonly #undone: Set<Task> = new Set();
  readonly #now: () => number;
  readonly #untilReady: () => Promise<unknown>;
  #current: Task | undefined;
  #end: { readonly error: unknown } | undefined;

  /**
   * @param now The clock, in ms since 1970.
   * @param untilReady Settles when the first input may be carried out.
   */
  constructor(now: () => number, untilReady: () => Promise<unknown> = () => Promise.resolve()) {
    this.#now = now;
    this.#untilReady = untilReady;
  }

  /**
   * Reads what happens, in batches.
   *
   * @throws {unknown} The error that {@linkcode close} was given.
   */
  events(): AsyncGenerator<(JsonMessage | JsonHappening)[]> {
    return this.#events.read();
  }

  /**
   * Carries an input out, after those before it.
   *
   * @returns The answer: lines with LF between them.
   * @throws {ChatError} If a text of it is not well-formed, it is refused, or the bot leaves before.
   * @throws {unknown} The error that {@linkcode close} was given.
   */
  async carryOut(input: JsonWriting | JsonAsking): Promise<string> {
    if (this.#end) throw endOf(this.#end.error);
    for (const [field, value] of Object.entries(input)) {
      if (typeof value !== "string" || value.isWellFormed()) continue;
      const reason = worded("{field} is missing, or not text", { field });
      throw new ChatError(worded("Cannot be done: {reason}", { reason }));
    }
    const done = Promise.withResolvers<void>();
    const task: Task = { wanted: toWanted(input), answer: [], done };
    this.#undone.add(task);
    this.#tasks.push([task]);
    await done.promise;
    if (task.refusal !== undefined) {
      throw new ChatError(worded("Cannot be done: {reason}", { reason: task.refusal }));
    }
    return task.answer.join("\n");
  }

  /** Ends the input. What was asked for before is still carried out. */
  finish(): void {
    this.#tasks.close();
  }

  /**
   * Ends input and events. Inputs that are not done reject.
   *
   * @param error Thrown to the reader of the events and to the callers of these inputs, if given.
   */
  close(error?: unknown): void {
    this.#end ??= { error };
    this.#tasks.close();
    this.#events.close(error);
    for (const { done } of this.#undone) done.reject(endOf(error));
    this.#undone.clear();
  }

  async *inputs(): AsyncGenerator<Wanted[]> {
    const ready = this.#untilReady();
    for await (const tasks of this.#tasks.read()) {
      await ready;
      for (const task of tasks) {
        this.#current = task;
        // The conversation has carried the input out when it asks for the next one.
        yield [task.wanted];
        this.#current = undefined;
        this.#undone.delete(task);
        task.done.resolve();
      }
    }
  }

  async show(messages: readonly ShownMessage[]): Promise<void> {
    await this.#events.push(messages.map(formatMessage));
  }

  /** Passes an event on. A count of rejected lines is passed on only if it is worth a line. */
  async happen(event: Happening, text: string | undefined): Promise<void> {
    if (event.kind === "rejected" && text === undefined) return;
    await this.#events.push([formatHappening(event, Math.floor(this.#now() / 1000))]);
  }

  refuse(reason: string): void {
    if (this.#current) this.#current.refusal = reason;
  }

  notify(text: string): void {
    this.#current?.answer.push(text);
  }

  setNickname(): void {}
  setRecipient(): void {}
  setBell(): void {}
  toggleTimestamps(): boolean {
    return true;
  }
  clear(): void {}
}

function endOf(error: unknown): unknown {
  return error ?? new ChatError(worded("Cannot be done: the bot has left"));
}
