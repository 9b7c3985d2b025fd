/**
 * The words that Tab goes through.
 *
 * @module
 */

import type { Span } from "../screen/prompt_view.ts";
import type { Draft } from "./draft.ts";

/** Completions that Tab goes through; of more there is no overview. */
export const MAX_CANDIDATES = 500;
/** Candidates that the row below the draft shows at once. */
const GROUP = 8;

/** What may stand in place of the text from `start` to the cursor. */
export interface Offer {
  /** Where it begins in the text before the cursor, in UTF-16 units. */
  readonly start: number;
  /** Whole replacements, the best first; more than `MAX_CANDIDATES` are not looked at. */
  readonly candidates: readonly string[];
}

/**
 * The candidates, one of which is in the draft.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Draft } from "./draft.ts";
 * const draft = new Draft();
 * draft.insert("/n");
 * const candidates = new Candidates(draft, { start: 0, candidates: ["/names", "/nick"] });
 * candidates.go(1);
 * candidates.go(1);
 * assert.equal(draft.text, "/nick");
 * ```
 */
export class Candidates {
  readonly #draft: Draft;
  readonly #start: number;
  readonly #candidates: readonly string[];
  #index = -1;

  /** @param draft Where the cursor is behind what is completed; `offer`: with what. */
  constructor(draft: Draft, offer: Offer) {
    this.#draft = draft;
    this.#start = Math.min(Math.max(0, offer.start), draft.cursor);
    this.#candidates = offer.candidates.slice(0, MAX_CANDIDATES);
  }

  /** Puts the next candidate into the draft, or with -1 the one before; false if none fits. */
  go(step: 1 | -1): boolean {
    const count = this.#candidates.length;
    if (count === 0) return false;
    this.#index = this.#index === -1 && step === -1
      ? count - 1
      : (this.#index + step + count) % count;
    return this.#draft.splice(this.#start, this.#draft.cursor, this.#candidates[this.#index]!);
  }

  /** For one row: the group of the current candidate. */
  get spans(): Span[] {
    const first = this.#index - this.#index % GROUP;
    const spans = this.#candidates.slice(first, first + GROUP).flatMap((text, index): Span[] => [
      { text, style: first + index === this.#index ? "match" : "hint" },
      { text: "  ", style: "hint" },
    ]);
    return first + GROUP < this.#candidates.length
      ? [...spans, { text: "…", style: "hint" }]
      : spans;
  }
}
