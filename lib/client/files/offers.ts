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
  nickname: string;
  trust: Trust;
  isPrivate: boolean;
  /** The offer as it came last. */
  file: FileOffer;
  /** The file's name, made safe. */
  readonly name: string;
  /** Whether this client has taken it whole. */
  isTaken?: boolean;
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
   * Notes an offer. One that a later run of the member's client makes of the same file takes the place
   * of those before, with the last one's number. If one of them is being taken, it is that one's: so
   * a file that is on its way goes on.
   *
   * @param offer As it came.
   * @param nextNumber Gives it a number.
   * @param isTaken Whether the offer of a number is being taken.
   * @returns The offer if it is new, or was made anew.
   */
  note(
    offer: Omit<Offered, "number" | "name">,
    nextNumber: () => number,
    isTaken: (number: number) => boolean = () => false,
  ): Offered | undefined {
    const known = this.#offers.get(offer.file.id);
    if (known) {
      if (known.id === offer.id) known.epoch = offer.epoch;
      return undefined;
    }
    const all = this.list().filter((each) => isRenewed(each, offer));
    const before = all.find(({ number }) => isTaken(number)) ?? all.at(-1);
    for (const each of all) this.forget(each);
    const offered = before
      ? Object.assign(before, offer)
      : { ...offer, number: nextNumber(), name: safeFileName(offer.file.name) };
    this.#offers.set(offer.file.id, offered);
    if (this.#offers.size > MAX_OFFERS) this.#offers.delete(this.#offers.keys().next().value!);
    return offered;
  }

  /** Forgets an offer that is withdrawn. */
  forget({ file }: Offered): void {
    this.#offers.delete(file.id);
  }
}

/** Whether an offer is one of before, made by another run of the same member's client. */
function isRenewed(
  before: Offered,
  { id, epoch, file }: Omit<Offered, "number" | "name">,
): boolean {
  const { name, size, hash } = before.file;
  return before.id === id && before.epoch !== epoch && file.name === name && file.size === size &&
    file.hash === hash;
}
