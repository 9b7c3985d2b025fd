/**
 * What members write to each other about files.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { formatBase64Url, parseBase64Url } from "../../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../../crypto/ed25519.ts";
import { ChatError } from "../../errors.ts";
import { worded } from "../../messages/wording.ts";
import { sealTexts } from "../../protocol/direct_message.ts";
import {
  type FileMessage,
  type FileOffer,
  formatFileMessage,
  formatOffer,
} from "../../protocol/file_messages.ts";
import type { Author, NewMessage } from "../author.ts";
import type { RosterEntry } from "../roster.ts";

/** Whom a message is sealed for. */
export type Addressee = Pick<RosterEntry, "id" | "agreementKey">;

/** Writes offers to all and to one, and messages of transfers. */
export class Post {
  readonly #author: Author;
  readonly #id: string;
  /** This member's X25519 key, in base64url. */
  readonly agreementKey: string;

  /**
   * @param author Writes the messages.
   * @param id This member's Ed25519 key, in base64url.
   * @param agreementKey This member's X25519 key, in base64url.
   */
  constructor(author: Author, id: string, agreementKey: string) {
    this.#author = author;
    this.#id = id;
    this.agreementKey = agreementKey;
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
    const { tokens: [b, o], ...sealed } = await this.#seal([text, json], to);
    await this.#author.write([{ kind: "dm", ...sealed, text: b, offer: o }]);
  }

  /**
   * Tells one member something of a transfer.
   *
   * @throws {ChatError} If the key of `to` is not usable.
   */
  async tell(to: Addressee, message: FileMessage): Promise<void> {
    const { tokens: [b], ...sealed } = await this.#seal([formatFileMessage(message)], to);
    await this.#author.write([{ kind: "file", ...sealed, text: b }]);
  }

  async #seal(
    texts: readonly string[],
    { id, agreementKey }: Addressee,
  ): Promise<Pick<NewMessage, "recipient" | "agreementKey"> & { tokens: readonly string[] }> {
    const [sender, recipient, key] = [this.#id, id, agreementKey ?? ""].map((each) =>
      parseBase64Url(each, PUBLIC_KEY_BYTES)
    );
    try {
      const between = { sender: sender!, recipient: recipient! };
      const { ephemeralKey, tokens } = await sealTexts(texts, key!, between);
      return { recipient: id, agreementKey: formatBase64Url(ephemeralKey), tokens };
    } catch (cause) {
      throw new ChatError(worded("a member's key cannot be used"), { cause });
    }
  }
}
