/**
 * The line editor: keys in, actions and a view out. It draws nothing itself.
 *
 * @module
 */

import type { Say } from "../../messages/phrases.ts";
import type { Keypress, TtyEvent } from "../input/input_events.ts";
import type { PromptView, Span } from "../screen/prompt_view.ts";
import { isBlank } from "../../text/sanitize.ts";
import { type Action, BELL } from "./actions.ts";
import { type Command, findBinding } from "./bindings.ts";
import type { Offer } from "./candidates.ts";
import { Draft } from "./draft.ts";
import { viewEditor } from "./editor_view.ts";
import { History } from "./history.ts";
import { Inserter } from "./inserter.ts";
import { Search } from "./search.ts";
import { TabKey } from "./tab_key.ts";

/** What an {@linkcode Editor} is made of. */
export interface EditorOptions {
  readonly say: Say;
  /** Shown before the draft. */
  readonly prompt: readonly Span[];
  /** The past; empty unless given. */
  readonly history?: History;
}

/**
 * Edits a line, which may have several, as readline does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * import { pressed } from "../input/input_events.ts";
 * const editor = new Editor({ say: sayIn("en"), prompt: [{ text: "> ", style: "prompt" }] });
 * editor.handle({ kind: "text", text: "hello" });
 * assert.deepEqual(editor.view({ columns: 80, maxRows: 9 }).cursor, { row: 0, column: 7 });
 * assert.deepEqual(editor.handle(pressed("enter")), [{ kind: "submit", text: "hello" }]);
 * ```
 */
export class Editor {
  readonly #say: Say;
  readonly #history: History;
  readonly #draft = new Draft();
  readonly #tab = new TabKey(this.#draft);
  readonly #inserter: Inserter;
  #prompt: readonly Span[];
  #search: Search | undefined;
  #isLeaving = false;
  /** Whether the draft is a proposal that no key has touched. */
  #isProposed = false;

  /** @param options The words, the prompt and the past. */
  constructor({ say, prompt, history = new History() }: EditorOptions) {
    this.#say = say;
    this.#prompt = prompt;
    this.#history = history;
    this.#inserter = new Inserter(this.#draft, say);
  }

  /** The draft. */
  get text(): string {
    return this.#draft.text;
  }

  /** Where the cursor is in it, in UTF-16 units. */
  get cursor(): number {
    return this.#draft.cursor;
  }

  /** Changes what is shown before the draft. */
  setPrompt(prompt: readonly Span[]): void {
    this.#prompt = prompt;
  }

  /** Puts a text into the draft that typing replaces; any other key makes it a draft. */
  propose(text: string): void {
    this.#draft.replace(text);
    this.#isProposed = text !== "";
  }

  /**
   * Takes what came from the keyboard.
   *
   * @param event As the decoder gives it; where the cursor is does not matter here.
   * @returns What to do about it, in order.
   */
  handle(event: TtyEvent): readonly Action[] {
    if (event.kind === "cursor") return [];
    if (event.kind === "keypress" && findBinding(event) === "interrupt") {
      return [{ kind: "interrupt" }];
    }
    this.#isLeaving = false;
    this.#inserter.hint = "";
    this.#tab.forget();
    if (this.#isProposed && this.#dropProposal(event)) return [];
    if (this.#inserter.isAsking) return this.#inserter.answer(event);
    if (this.#search) {
      const actions = this.#handleInSearch(event, this.#search);
      if (actions) return actions;
    }
    if (event.kind === "keypress") return this.#press(event);
    this.#tab.end();
    return event.kind === "text" ? this.#inserter.type(event) : this.#inserter.paste(event);
  }

  /**
   * Takes what may complete the draft, whenever it is known.
   *
   * @param offer For the last `complete`; left aside if any key came since.
   * @returns A bell if there is nothing.
   */
  offer(offer: Offer): readonly Action[] {
    return this.#tab.offer(offer);
  }

  /**
   * Ctrl-C: drops what is there, or warns, or leaves.
   *
   * @returns `discarded` if a question, a search or the draft was dropped (Up brings the draft
   * back, Ctrl-Y too), `leave` the next time if no key came in between.
   */
  interrupt(): "discarded" | "warned" | "leave" {
    if (this.#isLeaving) return "leave";
    this.#tab.end();
    const hasDropped = this.#inserter.drop();
    if (hasDropped || this.#search) {
      this.#search = undefined;
      return "discarded";
    }
    this.#isLeaving = true;
    this.#inserter.hint = this.#say("Ctrl-C again leaves");
    if (this.#draft.text === "") return "warned";
    this.#history.add(this.#draft.text);
    this.#draft.discard();
    return "discarded";
  }

  /** Shows the prompt, the draft and a hint. */
  view(size: { readonly columns: number; readonly maxRows: number }): PromptView {
    const { isAsking, spans } = this.#inserter;
    return viewEditor({
      ...size,
      say: this.#say,
      prompt: this.#prompt,
      draft: this.#draft,
      search: this.#search,
      hint: isAsking ? spans : this.#tab.spans ?? spans,
      isAsking,
    });
  }

  /** Makes way for what is typed; true for a Backspace, which has then done its work. */
  #dropProposal(event: TtyEvent): boolean {
    this.#isProposed = false;
    const isErased = event.kind === "keypress" &&
      (event.name === "backspace" || event.ctrl && event.name === "h");
    if (isErased || event.kind !== "keypress") this.#draft.discard();
    return isErased;
  }

  #press(keypress: Keypress): readonly Action[] {
    const binding = findBinding(keypress);
    if (binding !== "complete" && binding !== "complete-backward") this.#tab.end();
    if (binding === undefined) return [];
    if (typeof binding === "string") return this.#run(binding);
    return binding(this.#draft) ? [] : BELL;
  }

  #run(command: Command): readonly Action[] {
    switch (command) {
      case "submit":
        return this.#submit();
      case "complete":
        return this.#tab.press(1);
      case "complete-backward":
        return this.#tab.press(-1);
      case "older":
        if (this.#draft.moveLine("up")) return [];
        return this.#recall(this.#history.older(this.#draft.text));
      case "newer":
        if (this.#draft.moveLine("down")) return [];
        return this.#recall(this.#history.newer(this.#draft.text));
      case "search":
        this.#search = new Search(this.#history);
        return [];
      case "clear":
        return [{ kind: "clear" }];
      case "delete-or-end":
        if (this.#draft.text === "") return [{ kind: "end" }];
        return this.#draft.delete("right") ? [] : BELL;
      default:
        return [];
    }
  }

  #submit(): readonly Action[] {
    const { text } = this.#draft;
    if (!this.#inserter.check(text)) return BELL;
    this.#draft.replace("");
    // As a shell does with a blank line.
    if (isBlank(text)) return [{ kind: "submit", text: "" }];
    this.#history.add(text);
    return [{ kind: "submit", text }];
  }

  #recall(text: string | undefined): readonly Action[] {
    if (text === undefined) return BELL;
    this.#draft.replace(text);
    return [];
  }

  /** `undefined` where the search has ended, and the key is yet to act. */
  #handleInSearch(event: TtyEvent, search: Search): readonly Action[] | undefined {
    const isDone = search.handle(event);
    if (isDone !== undefined) return isDone ? [] : BELL;
    this.#search = undefined;
    const binding = event.kind === "keypress" ? findBinding(event) : undefined;
    if (binding === "cancel") return [];
    const { found } = search;
    // If the search found nothing, Enter does not send the draft: the user looked for another text.
    if (!found) return binding === "submit" ? BELL : undefined;
    this.#history.goTo(found.index, this.#draft.text);
    this.#draft.replace(found.text, found.start);
  }
}
