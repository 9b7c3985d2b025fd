/**
 * What members ask each other for: messages that did not come.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import { parseResendRequest } from "../protocol/resend_request.ts";
import type { Seen } from "../storage/seen.ts";
import type { Delivery } from "./delivery.ts";
import type { Turns } from "./turns.ts";

/** What {@linkcode Questions} work with. */
export interface QuestionsParts {
  /** This member and this run of its client. */
  readonly own: { readonly id: string; readonly epoch: string };
  /** What has been seen so far. */
  readonly seen: Pick<Seen, "find">;
  /** Sends messages of this client again. */
  readonly delivery: Pick<Delivery, "resend">;
  /** Asks for messages of others. */
  readonly turns: Pick<Turns<unknown>, "postpone">;
}

/** Answers questions for messages of this client, and leaves to others what they have asked for. */
export class Questions {
  readonly #parts: QuestionsParts;

  constructor(parts: QuestionsParts) {
    this.#parts = parts;
  }

  /**
   * Takes a question.
   *
   * @param text Of an `again`, from anybody.
   * @param asker The key of the one that asks.
   */
  take(text: string, asker: string): void {
    const request = parseResendRequest(text);
    if (!request) return;
    const { own, seen, delivery, turns } = this.#parts;
    const { id, epoch, range } = request;
    if (id === own.id && epoch === own.epoch) return delivery.resend(range, asker);
    const window = seen.find(id, epoch);
    if (window) turns.postpone(window, { range, asker });
  }
}
