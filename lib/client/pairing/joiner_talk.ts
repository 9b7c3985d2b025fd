/**
 * The joiner's half of a pairing, without a connection.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pairing"
 */

import { CONFIRMATION_BYTES } from "../../crypto/cpace.ts";
import { AGREEMENT_BYTES } from "../../crypto/x25519.ts";
import type { Introduced, Introduction } from "../../protocol/introduction.ts";
import type { InvitationCode } from "../../protocol/invitation_code.ts";
import { type Handover, type PairingKeys, PairingSide } from "../../protocol/pairing.ts";
import { JoinError } from "./pairing_error.ts";

/** Says who this side is, to an inviter that has said so first. */
export type Introduce = (inviter: Introduced) => Introduction;

/** What comes of a message: always an answer, and with it the end in good or bad. */
export interface JoinerTurn {
  /** What the other side is to get, also if this side ends. */
  readonly reply: Uint8Array;
  /** The room's key, and who invited. */
  readonly handover?: Handover;
  readonly failure?: JoinError;
}

/**
 * Answers the messages of an inviter. The caller waits for each answer before it brings the next
 * message.
 */
export class JoinerTalk {
  readonly #side: PairingSide;
  readonly #introduce: Introduce;
  #keys: PairingKeys | undefined;
  #isOver = false;

  private constructor(side: PairingSide, introduce: Introduce) {
    this.#side = side;
    this.#introduce = introduce;
  }

  /**
   * Begins.
   *
   * @param code The code.
   * @param introduce Who this side is.
   */
  static async begin(code: InvitationCode, introduce: Introduce): Promise<JoinerTalk> {
    return new JoinerTalk(await PairingSide.begin("joiner", code), introduce);
  }

  /** The first message, which goes with `!MEET`. */
  get opening(): Uint8Array {
    return this.#side.share;
  }

  /**
   * Takes the inviter's next message.
   *
   * @param message Bytes from anybody.
   * @throws {JoinError} If the message makes no sense. A wrong code is no error here: the inviter is
   * answered in that case, too, so that both sides learn of it.
   */
  async take(message: Uint8Array): Promise<JoinerTurn> {
    if (this.#isOver) throw new JoinError("garbled");
    this.#isOver = true;
    if (this.#keys) {
      const handover = await this.#keys.openInviter(message);
      if (!handover) throw new JoinError("garbled");
      return { reply: await this.#keys.seal(this.#introduce(handover)), handover };
    }
    if (message.length !== AGREEMENT_BYTES + CONFIRMATION_BYTES) throw new JoinError("garbled");
    const keys = await this.#side.agree(message.subarray(0, AGREEMENT_BYTES)).catch(() => {
      throw new JoinError("garbled");
    });
    const reply = await keys.confirm();
    if (!await keys.isConfirmed(message.subarray(AGREEMENT_BYTES))) {
      return { reply, failure: new JoinError("wrong code") };
    }
    this.#keys = keys;
    this.#isOver = false;
    return { reply };
  }
}
