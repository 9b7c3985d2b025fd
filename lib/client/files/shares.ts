/**
 * The files that this client offers.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { formatBase64Url } from "../../bytes/base64url.ts";
import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { FILE_ID_BYTES, type FileMessage } from "../../protocol/file_messages.ts";
import type { SourceFile } from "../../storage/source_file.ts";
import type { FileNote } from "../events.ts";
import { MAX_SHARES } from "./limits.ts";
import type { Addressee } from "./post.ts";
import { Sendings, type SendingsParts, type Share, type Taker } from "./sendings.ts";
import type { Transfer } from "./transfer.ts";

/** What {@linkcode Shares} work with. */
export interface SharesParts extends SendingsParts {
  /** Tells this member's X25519 key of now, in base64url. */
  readonly ownKey: () => string;
}

/** Keeps what is offered, and sends it to those who take it. */
export class Shares {
  readonly #parts: SharesParts;
  readonly #shares = new Map<string, Share>();
  /** Offers that were withdrawn. */
  readonly #withdrawn = new Set<string>();
  readonly #sendings: Sendings;

  constructor(parts: SharesParts) {
    this.#parts = parts;
    this.#sendings = new Sendings(parts);
  }

  /** The files that are offered, the oldest first. */
  list(): readonly Share[] {
    return [...this.#shares.values()];
  }

  /** The transfers that are not over. */
  get transfers(): readonly Transfer[] {
    return this.#sendings.transfers;
  }

  /**
   * Adds a file.
   *
   * @param to For whom alone.
   * @throws {ChatError} If there are too many.
   */
  add(number: number, source: SourceFile, to: Addressee | undefined): Share {
    if (this.#shares.size >= MAX_SHARES) throw new ChatError(worded("you offer too many files"));
    const id = formatBase64Url(crypto.getRandomValues(new Uint8Array(FILE_ID_BYTES)));
    const { name, size, hash } = source;
    const offer = { id, name, size, hash, agreementKey: this.#parts.ownKey() };
    const share = { number, offer, source, to: to?.id, taken: 0 };
    this.#shares.set(id, share);
    return share;
  }

  /** Withdraws an offer, and ends its transfers. Returns whether there was one of that number. */
  remove(number: number): boolean {
    const share = this.list().find((each) => each.number === number);
    if (!share) return false;
    this.#shares.delete(share.offer.id);
    this.#withdrawn.add(share.offer.id);
    if (this.#withdrawn.size > MAX_SHARES) {
      this.#withdrawn.delete(this.#withdrawn.values().next().value!);
    }
    this.#sendings.withdraw(share);
    return true;
  }

  /** Takes what a taker says. */
  receive({ id, nickname, message }: FileNote): void {
    if (message.kind === "stop") this.#sendings.stop(message.transfer, id);
    if (message.kind === "got") this.#sendings.confirm(message.transfer, id);
    if (message.kind !== "take") return;
    this.#take({ id, nickname, agreementKey: message.agreementKey }, message);
  }

  /** Gives up takers that do not say that they have the file whole. */
  tick(): void {
    this.#sendings.tick();
  }

  /** Ends all. */
  close(): void {
    this.#sendings.close();
    this.#shares.clear();
  }

  #take(taker: Taker, { offer, transfer, frame }: FileMessage & { kind: "take" }): void {
    const share = this.#shares.get(offer);
    if (share && (share.to === undefined || share.to === taker.id)) {
      this.#sendings.queue(share, taker, { transfer, frame });
    } else if (share || this.#withdrawn.has(offer)) {
      // Another client of this member's may have the offer, if this one never had it.
      this.#sendings.refuse(taker, transfer, "gone");
    }
  }
}
