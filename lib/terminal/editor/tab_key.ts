/**
 * What the Tab key does: it asks for candidates, and goes through them.
 *
 * @module
 */

import type { Span } from "../screen/prompt_view.ts";
import { type Action, BELL } from "./actions.ts";
import { Candidates, type Offer } from "./candidates.ts";
import type { Draft } from "./draft.ts";

/**
 * The Tab key of one draft.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Draft } from "./draft.ts";
 * const draft = new Draft();
 * draft.insert("/na");
 * const tab = new TabKey(draft);
 * assert.deepEqual(tab.press(1), [{ kind: "complete", before: "/na" }]);
 * tab.offer({ start: 0, candidates: ["/names "] });
 * assert.equal(draft.text, "/names ");
 * ```
 */
export class TabKey {
  readonly #draft: Draft;
  #candidates: Candidates | undefined;
  /** Set while its owner looks for candidates: which way to go through them. */
  #asked: 1 | -1 | undefined;

  /** @param draft What is completed. */
  constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** The candidates, for one row; undefined if there are none to choose from. */
  get spans(): readonly Span[] | undefined {
    return this.#candidates?.spans;
  }

  /**
   * Goes on, or with -1 back; asks for candidates if there are none.
   *
   * @returns What to do about it.
   */
  press(step: 1 | -1): readonly Action[] {
    if (this.#candidates) return this.#candidates.go(step) ? [] : BELL;
    this.#asked = step;
    return [{ kind: "complete", before: this.#draft.text.slice(0, this.#draft.cursor) }];
  }

  /**
   * Takes what may complete the draft, whenever it is known.
   *
   * @param offer For the last `complete`; left aside once `forget()` was called.
   * @returns A bell if there is nothing.
   */
  offer(offer: Offer): readonly Action[] {
    const step = this.#asked;
    this.#asked = undefined;
    if (step === undefined) return [];
    const candidates = new Candidates(this.#draft, offer);
    if (!candidates.go(step)) return BELL;
    if (offer.candidates.length > 1) this.#candidates = candidates;
    return [];
  }

  /** Waits for no offer any more: the draft may change. */
  forget(): void {
    this.#asked = undefined;
  }

  /** Offers none of the candidates any more, and waits for no others. */
  end(): void {
    this.#asked = this.#candidates = undefined;
  }
}
