/**
 * What members write to each other about files.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import {
  type FileMessage,
  type FileOffer,
  formatFileMessage,
  formatOffer,
} from "../../protocol/file_messages.ts";
import type { Author } from "../author.ts";
import type { Presence } from "../presence.ts";
import type { Addressee, Sealed, Sealing } from "../sealing.ts";

export type { Addressee } from "../sealing.ts";

/** Writes offers to all and to one, and messages of transfers. */
export class Post {
  readonly #author: Author;
  readonly #sealing: Sealing;
  readonly #presence: Pick<Presence, "agreementKey">;

  /**
   * @param author Writes the messages.
   * @param sealing Seals them.
   * @param presence Knows this member's X25519 key of now.
   */
  constructor(author: Author, sealing: Sealing, presence: Pick<Presence, "agreementKey">) {
    this.#author = author;
    this.#sealing = sealing;
    this.#presence = presence;
  }

  /** This member's X25519 key of now, in base64url. */
  get agreementKey(): string {
    return this.#presence.agreementKey;
  }

  /** Whether this client writes plain text, in which there are no offers. */
  get isPlain(): boolean {
    return this.#author.isPlain;
  }

  /**
   * Offers a file.
   *
   * @param offer The offer.
   * @param text The same in words, for clients that know no offers.
   * @param to Whom alone; undefined for all.
   * @throws {ChatError} If the key of `to` is not usable.
   */
  async offer(offer: FileOffer, text: string, to: Addressee | undefined): Promise<void> {
    const json = formatOffer(offer);
    if (!to) {
      await this.#author.write([{ kind: "act", text, offer: json }]);
      return;
    }
    const { tokens: [b, o], ...sealed } = await usable(this.#sealing.forMember([text, json], to));
    await this.#author.write([{ kind: "dm", ...sealed, text: b, offer: o }]);
  }

  /**
   * Tells one member something of a transfer.
   *
   * @throws {ChatError} If the key of `to` is not usable.
   */
  async tell(to: Addressee, message: FileMessage): Promise<void> {
    const { tokens: [b], ...sealed } = await usable(
      this.#sealing.forKey([formatFileMessage(message)], to),
    );
    // Whoever waits for that word may have lost its connection just when it is said.
    const isKept = message.kind === "got";
    await this.#author.write([{ kind: "file", ...sealed, text: b }], isKept);
  }
}

async function usable(sealing: Promise<Sealed>): Promise<Sealed> {
  try {
    return await sealing;
  } catch (cause) {
    throw new ChatError(worded("a member's key cannot be used"), { cause });
  }
}
