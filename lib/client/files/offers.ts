/**
 * The files that others offer.
 *
 * @module
 */

import type { FileOffer } from "../../protocol/file_messages.ts";
import { safeFileName } from "../../text/file_name.ts";
import type { Trust } from "../events.ts";
import { MAX_OFFERS } from "./limits.ts";

/** A file that somebody offers. */
export interface Offered {
  /** By which the user speaks of it. */
  readonly number: number;
  /** Who offers it: the member's key, and the run of its client. */
  readonly id: string;
  epoch: string;
  readonly nickname: string;
  readonly trust: Trust;
  readonly isPrivate: boolean;
  readonly file: FileOffer;
  /** The file's name, made safe. */
  readonly name: string;
}

/** Keeps the last 100 offers. */
export class Offers {
  /** By the offer's own name. */
  readonly #offers = new Map<string, Offered>();

  /** The offers, the oldest first. */
  list(): readonly Offered[] {
    return [...this.#offers.values()];
  }

  /**
   * Notes an offer.
   *
   * @param offer As it came.
   * @param nextNumber Gives it a number.
   * @returns The offer if it is new.
   */
  note(offer: Omit<Offered, "number" | "name">, nextNumber: () => number): Offered | undefined {
    const known = this.#offers.get(offer.file.id);
    if (known) {
      if (known.id === offer.id) known.epoch = offer.epoch;
      return undefined;
    }
    const offered = { ...offer, number: nextNumber(), name: safeFileName(offer.file.name) };
    this.#offers.set(offer.file.id, offered);
    if (this.#offers.size > MAX_OFFERS) this.#offers.delete(this.#offers.keys().next().value!);
    return offered;
  }
}
