/**
 * What a taker tells those who offer files.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { formatBase64Url } from "../../bytes/base64url.ts";
import { countFrames } from "../../protocol/file_frames.ts";
import { FILE_ID_BYTES, type FileMessage } from "../../protocol/file_messages.ts";
import type { Offered } from "./offers.ts";
import type { Addressee } from "./post.ts";

/** What {@linkcode Requests} work with. */
export interface RequestsParts {
  /** Writes to a member. */
  readonly tell: (to: Addressee, message: FileMessage) => Promise<void>;
  /** Tells this member's X25519 key of now, in base64url. */
  readonly ownKey: () => string;
  /** Tells the X25519 key that such a run has announced last; undefined if it is not known. */
  readonly keyOf: (id: string, epoch: string) => string | undefined;
}

/** Writes to the senders of offers. */
export class Requests {
  readonly #parts: RequestsParts;

  constructor(parts: RequestsParts) {
    this.#parts = parts;
  }

  /** Makes a name for a transfer, in base64url. */
  static newTransfer(): string {
    return formatBase64Url(crypto.getRandomValues(new Uint8Array(FILE_ID_BYTES)));
  }

  /**
   * Asks for a file, from a frame on.
   *
   * @throws {ChatError} If the sender's key cannot be used.
   */
  async take(offered: Offered, transfer: string, frame: number): Promise<void> {
    const offer = offered.file.id;
    const agreementKey = this.#parts.ownKey();
    await this.#tell(offered, { kind: "take", offer, transfer, frame, agreementKey });
  }

  /** Says that the file is not wanted any more. */
  async stop(offered: Offered, transfer: string): Promise<void> {
    // A sender that is gone, or whose key cannot be used, sends nothing.
    await this.#tell(offered, { kind: "stop", transfer }).catch(() => {});
  }

  /** Says that the file is here. */
  async got(offered: Offered, transfer: string): Promise<void> {
    // A sender whose key cannot be used has sent nothing.
    await this.#tell(offered, { kind: "got", transfer }).catch(() => {});
  }

  /** Says that a file is here which is offered anew: a transfer that is over at once. */
  async haveAlready(offered: Offered): Promise<void> {
    const transfer = Requests.newTransfer();
    // A sender that knows no `got` sends the last frame, and gives up when nobody comes for it.
    await this.take(offered, transfer, countFrames(offered.file.size) - 1).catch(() => {});
    await this.got(offered, transfer);
  }

  /** The offer's own key is of the day on which it was made. */
  async #tell({ id, epoch, file }: Offered, message: FileMessage): Promise<void> {
    const agreementKey = this.#parts.keyOf(id, epoch) ?? file.agreementKey;
    await this.#parts.tell({ id, agreementKey }, message);
  }
}
