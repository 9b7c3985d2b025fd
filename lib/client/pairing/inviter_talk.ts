/**
 * The inviter's half of a pairing, without a connection.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pairing"
 */

import { concat } from "../../bytes/concat.ts";
import type { Introduced, Introduction } from "../../protocol/introduction.ts";
import type { InvitationCode } from "../../protocol/invitation_code.ts";
import { type PairingKeys, PairingSide } from "../../protocol/pairing.ts";
import { InviteError } from "./pairing_error.ts";

/** What an inviter brings. */
export interface InviterParts {
  readonly code: InvitationCode;
  /** Writes the room's secret for one who comes now, as `formatRoomSecret()` does. */
  readonly handover: () => Promise<string>;
  /** Who the inviter is, at the time when it says so. */
  readonly introduce: () => Introduction;
}

/** What comes of a message: an answer, or the end. */
export type InviterTurn =
  | { readonly reply: Uint8Array }
  /** The other side has the key, and is who it says. */
  | { readonly joiner: Introduced };

/**
 * Answers the messages of the one visitor that an invitation has. The caller waits for each answer
 * before it brings the next message.
 */
export class InviterTalk {
  readonly #parts: InviterParts;
  #keys: PairingKeys | undefined;
  /** Whether the room's key was handed over. */
  #hasHandedOver = false;
  #isOver = false;

  constructor(parts: InviterParts) {
    this.#parts = parts;
  }

  /**
   * Takes the visitor's next message.
   *
   * @param message Bytes from anybody.
   * @throws {InviteError} If the message is not as it should be. The code is then used up.
   */
  async take(message: Uint8Array): Promise<InviterTurn> {
    if (this.#isOver) throw this.#fail();
    this.#isOver = true;
    const turn = await this.#answer(message);
    this.#isOver = "joiner" in turn;
    return turn;
  }

  /** Makes the error for a visitor that is gone, or whose message makes no sense. */
  #fail(): InviteError {
    return new InviteError(this.#hasHandedOver ? "no introduction" : "other gone");
  }

  /** Ends the talk, because the visitor is gone. */
  end(): InviteError {
    this.#isOver = true;
    return this.#fail();
  }

  async #answer(message: Uint8Array): Promise<InviterTurn> {
    const { code, handover, introduce } = this.#parts;
    if (!this.#keys) {
      const side = await PairingSide.begin("inviter", code);
      this.#keys = await side.agree(message).catch(() => {
        throw new InviteError("wrong code");
      });
      return { reply: concat(side.share, await this.#keys.confirm()) };
    }
    if (!this.#hasHandedOver) {
      if (!await this.#keys.isConfirmed(message)) throw new InviteError("wrong code");
      const reply = await this.#keys.seal(introduce(), await handover());
      this.#hasHandedOver = true;
      return { reply };
    }
    const joiner = await this.#keys.openJoiner(message);
    if (!joiner) throw this.#fail();
    return { joiner };
  }
}
