/**
 * The user's side where it is a program in the same process: functions in, events out.
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

/** Events that wait for the program. With more, nothing is taken from the relay. */
export const MAX_WAITING_EVENTS = 500;

/** An input that is being carried out, or waits for that. */
interface Task {
  readonly wanted: Wanted;
  /** What was said meanwhile. */
  readonly answer: string[];
  refusal?: string;
  readonly done: PromiseWithResolvers<void>;
}

/** One input after the other is carried out, and its answer goes to whom asked for it. */
export class TypedInterface implements UserInterface {
  /** Its input waits while it is not read. */
  readonly isPatient = true;
  readonly refusedLines = 0;
  readonly #events: Channel<JsonMessage | JsonHappening> = new Channel(MAX_WAITING_EVENTS);
  readonly #tasks: Channel<Task> = new Channel();
  /** Those that are not done. */
  readonly #undone: Set<Task> = new Set();
  readonly #now: () => number;
  #current: Task | undefined;
  #end: { readonly error: unknown } | undefined;

  /** @param now The clock, in ms since 1970. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /**
   * Reads what happens, in batches.
   *
   * @throws {unknown} What {@linkcode close} was told.
   */
  events(): AsyncGenerator<(JsonMessage | JsonHappening)[]> {
    return this.#events.read();
  }

  /**
   * Carries an input out, after those before it.
   *
   * @param input What to do.
   * @returns The answer, lines with LF between them.
   * @throws {ChatError} If it is not done.
   */
  async carryOut(input: JsonWriting | JsonAsking): Promise<string> {
    if (this.#end) throw endOf(this.#end.error);
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

  /** Ends the input, after what was asked for. */
  finish(): void {
    this.#tasks.close();
  }

  /**
   * Ends all: what was not carried out is not done.
   *
   * @param error Thrown to the reader of the events, if given.
   */
  close(error?: unknown): void {
    this.#end ??= { error };
    this.#tasks.close();
    this.#events.close(error);
    for (const { done } of this.#undone) done.reject(endOf(error));
    this.#undone.clear();
  }

  async *inputs(): AsyncGenerator<Wanted[]> {
    for await (const tasks of this.#tasks.read()) {
      for (const task of tasks) {
        this.#current = task;
        // It is done when the next is asked for.
        yield [task.wanted];
        this.#current = undefined;
        this.#undone.delete(task);
        task.done.resolve();
      }
    }
  }

  async show(messages: readonly ShownMessage[]): Promise<void> {
    await this.#events.push(messages.filter(({ isOwn }) => !isOwn).map(formatMessage));
  }

  /** Tells what happened; of what cannot be shown only what is worth a line to people. */
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
