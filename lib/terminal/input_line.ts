/**
 * The line that the user types in: what is said in the room, or the answer to a question.
 *
 * @module
 */

import type { UserInput } from "../chat/commands.ts";
import type { Say } from "../messages/phrases.ts";
import type { Action } from "./editor/actions.ts";
import type { Offer } from "./editor/candidates.ts";
import { Editor } from "./editor/editor.ts";
import type { History } from "./editor/history.ts";
import { Entries } from "./entries.ts";
import type { TypedEvent } from "./input/keyboard.ts";
import type { PromptView, Span } from "./screen/prompt_view.ts";

/** Whether an event ends a line: Enter, or the LF of a paste without brackets. */
function isLineEnd(event: TypedEvent): boolean {
  return event.kind === "keypress" && (event.name === "enter" || event.ctrl && event.name === "j");
}

/** What stands behind a question before anything is typed. */
export type ProposedAnswer = { readonly proposal: string } | { readonly typed: string };

/** What an {@linkcode InputLine} works with. */
export interface InputLineParts {
  readonly say: Say;
  /** Shown before what is said in the room. */
  readonly prompt: readonly Span[];
  /** What was typed in earlier runs; what is typed in this one is added. */
  readonly history: History;
  /** Completes what is in front of the cursor. */
  readonly complete: (before: string) => Offer | Promise<Offer>;
  /** Told of each line that the user enters. */
  readonly onEntered: (text: string) => void;
  /** Called when Ctrl-C came as a key. */
  readonly onInterrupt: () => void;
  /** Called when there is something new to show. */
  readonly onChange: () => void;
  readonly clearScreen: () => void;
  readonly ringBell: () => void;
}

/** Carries out what is typed. */
export class InputLine {
  readonly #parts: InputLineParts;
  readonly #entries = new Entries();
  /** Edits what is said in the room. */
  readonly #main: Editor;
  /** Edits what is on the screen: that, or the answer to a question. */
  #editor: Editor;
  /** Answers the question that is asked in place of the prompt. */
  #answer: ((text: string) => void) | undefined;
  /** Whether a text, or an empty line, was entered in this read of the keyboard. */
  #isBehindText = false;

  /** @param parts The words, the prompt and the past, and what is told. */
  constructor(parts: InputLineParts) {
    this.#parts = parts;
    const { say, prompt, history } = parts;
    this.#main = new Editor({ say, prompt, history });
    this.#editor = this.#main;
  }

  /**
   * What the user enters, each line alone, until Ctrl-D on an empty line or `end()`. A line that
   * came at once behind a text is a text, whatever it begins with.
   */
  entries(): AsyncGenerator<(string | UserInput)[]> {
    return this.#entries.batches();
  }

  /** Says that no more lines come. */
  end(): void {
    this.#entries.end();
  }

  /** Lays the prompt and what is typed out. */
  view(size: { readonly columns: number; readonly maxRows: number }): PromptView {
    return this.#editor.view(size);
  }

  /** Changes what is shown before what is said in the room. */
  setPrompt(prompt: readonly Span[]): void {
    this.#main.setPrompt(prompt);
    this.#parts.onChange();
  }

  /**
   * Asks a question in place of the prompt.
   *
   * @param question Shown in front of the answer.
   * @param answer What is there to be entered as it is: a proposal, which typing replaces, or what
   * was typed before, which goes on.
   * @returns What was entered; undefined if the user left instead.
   */
  async ask(question: string, answer: ProposedAnswer): Promise<string | undefined> {
    const { say, onChange } = this.#parts;
    this.#editor = new Editor({ say, prompt: [{ text: question, style: "prompt" }] });
    if ("proposal" in answer) this.#editor.propose(answer.proposal);
    else this.#editor.handle({ kind: "text", text: answer.typed });
    onChange();
    const { promise, resolve } = Promise.withResolvers<string>();
    this.#answer = resolve;
    const given = await Promise.race([promise, this.#entries.ended.then(() => undefined)]);
    this.#answer = undefined;
    this.#editor = this.#main;
    onChange();
    return given;
  }

  /**
   * Takes what came from the keyboard in one read; waits while too many lines are not taken yet.
   *
   * Several lines in one read are a paste where the terminal does not mark pastes. What others have
   * written in it must not run as a command.
   */
  async handle(events: readonly TypedEvent[]): Promise<void> {
    this.#isBehindText = false;
    for (const event of events) {
      const actions = this.#editor.handle(event);
      for (const action of actions) await this.#carryOut(action);
      this.#isBehindText ||= actions.length === 0 && isLineEnd(event);
    }
    this.#parts.onChange();
  }

  /** Ctrl-C: discards what is being typed; false for the second one in a row, which leaves. */
  interrupt(): boolean {
    if (this.#editor.interrupt() === "leave") return false;
    this.#parts.onChange();
    return true;
  }

  async #carryOut(action: Action): Promise<void> {
    switch (action.kind) {
      case "submit":
        if (action.text === "") return await this.#submitNothing();
        if (this.#answer) return this.#answer(action.text);
        await this.#entries.push(
          this.#isBehindText ? { kind: "text", text: action.text } : action.text,
        );
        this.#isBehindText ||= !/^\/(?!\/)/.test(action.text);
        return this.#parts.onEntered(action.text);
      case "end":
        return this.#entries.end();
      case "clear":
        return this.#parts.clearScreen();
      case "bell":
        return this.#parts.ringBell();
      case "interrupt":
        return this.#parts.onInterrupt();
      case "complete":
        // The completion is not waited for: a slow disk must not hold the keys back.
        void this.#complete(this.#editor, action.before);
    }
  }

  /** An empty line leaves no trace, and may be an answer. What follows it is pasted all the same. */
  async #submitNothing(): Promise<void> {
    this.#isBehindText = true;
    if (!this.#answer) await this.#entries.push("");
  }

  async #complete(editor: Editor, before: string): Promise<void> {
    const actions = editor.offer(await this.#parts.complete(before));
    for (const action of actions) await this.#carryOut(action);
    this.#parts.onChange();
  }
}
