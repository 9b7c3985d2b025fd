/**
 * What comes into the draft from the keyboard: typed text, and pastes.
 *
 * @module
 */

import type { Say } from "../../messages/phrases.ts";
import { MAX_TEXT_BYTES } from "../../protocol/limits.ts";
import type { TextPasted, TextTyped, TtyEvent } from "../input/input_events.ts";
import type { Span } from "../screen/prompt_view.ts";
import { type Action, BELL } from "./actions.ts";
import type { Draft } from "./draft.ts";
import { askToPaste, endPaste, mustAsk, readAnswer } from "./paste_question.ts";

/**
 * Inserts into one draft what fits a message, asks before a long paste, and says why not.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../../messages/say.ts";
 * import { Draft } from "./draft.ts";
 * const draft = new Draft();
 * const inserter = new Inserter(draft, sayIn("en"));
 * inserter.paste({ kind: "paste", text: "x\n".repeat(11), isWhole: true });
 * assert.equal(draft.text, "");
 * inserter.answer({ kind: "text", text: "y" });
 * assert.equal(draft.text.length, 21);
 * ```
 */
export class Inserter {
  readonly #draft: Draft;
  readonly #say: Say;
  /** What was pasted and waits for an answer. */
  #question: string | undefined;
  /** What is said beside the draft until the next key. */
  hint = "";
  /** Whether the terminal has sent bytes that are not UTF-8, at any time. */
  #wasBroken = false;

  /** @param draft Where text goes; `say`: in which language to ask. */
  constructor(draft: Draft, say: Say) {
    this.#draft = draft;
    this.#say = say;
  }

  /** Whether a paste waits for an answer. */
  get isAsking(): boolean {
    return this.#question !== undefined;
  }

  /** The question or the hint, for one row. */
  get spans(): readonly Span[] {
    if (this.#question === undefined) return [{ text: this.hint, style: "hint" }];
    const asked: Span = { text: askToPaste(endPaste(this.#question), this.#say), style: "alert" };
    return this.hint === "" ? [asked] : [asked, { text: ` ${this.hint}`, style: "hint" }];
  }

  /**
   * Takes what was typed.
   *
   * @returns A bell if it does not fit, or is not UTF-8.
   */
  type({ text, isBroken }: TextTyped): readonly Action[] {
    return this.#warn(this.#insert(text), isBroken);
  }

  /**
   * Takes a paste, and asks if it is long. Behind one that waits for an answer, it waits with it.
   *
   * @returns A bell if it does not fit, or is not UTF-8.
   */
  paste(event: TextPasted): readonly Action[] {
    return this.#warn(this.#paste(event), event.isBroken);
  }

  /**
   * Says why a text must not be sent: U+FFFD in it stands for bytes that nobody knows any more.
   *
   * @returns Whether it may be sent.
   */
  check(text: string): boolean {
    if (!this.#wasBroken || !text.includes("\uFFFD")) return true;
    this.hint = this.#say("not sent: {reason}", { reason: this.#say("a line is not UTF-8") });
    return false;
  }

  /**
   * Takes what came while a paste waits for an answer.
   *
   * @returns A bell for what is no answer.
   */
  answer(event: TtyEvent): readonly Action[] {
    if (event.kind === "paste") return this.paste(event);
    const isAgreed = readAnswer(event, this.#say);
    if (isAgreed === undefined) return BELL;
    const text = this.#question ?? "";
    this.#question = undefined;
    return isAgreed ? this.#insert(endPaste(text)) : [];
  }

  /** Drops the paste that waits for an answer; false if none does. */
  drop(): boolean {
    const { isAsking } = this;
    this.#question = undefined;
    return isAsking;
  }

  #insert(text: string): readonly Action[] {
    if (text === "" || this.#draft.insert(text)) return [];
    return this.#refuse(text);
  }

  #paste({ text, isWhole }: TextPasted): readonly Action[] {
    if (text === "" && !isWhole) {
      this.hint = this.#say("too long to paste: a message holds {limit} bytes", {
        limit: MAX_TEXT_BYTES,
      });
      return BELL;
    }
    const all = (this.#question ?? "") + text;
    const meant = endPaste(all);
    if (this.#question === undefined && !mustAsk(meant)) return this.#insert(meant);
    if (this.#draft.sizeWith(meant) > MAX_TEXT_BYTES) return this.#refuse(meant);
    this.#question = all;
    return [];
  }

  #warn(actions: readonly Action[], isBroken: true | undefined): readonly Action[] {
    if (!isBroken || actions.length > 0) return actions;
    this.#wasBroken = true;
    this.hint = this.#say("your terminal sent what is not UTF-8: � stands for it");
    return BELL;
  }

  #refuse(text: string): readonly Action[] {
    this.hint = this.#say("too long: {bytes} bytes, and a message holds {limit}", {
      bytes: this.#draft.sizeWith(text),
      limit: MAX_TEXT_BYTES,
    });
    return BELL;
  }
}
