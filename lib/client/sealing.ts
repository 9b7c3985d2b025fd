/**
 * Sealing texts for one member: for all machines on which the member is here.
 *
 * @module
 * @see docs/PROTOCOL.md, "Private messages"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { sealTexts } from "../protocol/direct_message.ts";
import type { NewMessage } from "./author.ts";
import { MAX_OTHER_KEYS } from "./limits.ts";
import type { Presence } from "./presence.ts";
import type { Roster, RosterEntry } from "./roster.ts";

/** Whom a message is sealed for. */
export type Addressee = Pick<RosterEntry, "id" | "agreementKey">;

/** What a {@linkcode Sealing} works with. */
export interface SealingParts {
  /** This member's Ed25519 key, in base64url. */
  readonly id: string;
  readonly roster: Pick<Roster, "values">;
  readonly presence: Pick<Presence, "agreementKey">;
}

/** The fields of a sealed message, and its texts, which became tokens. */
export type Sealed =
  & Pick<NewMessage, "recipient" | "agreementKey" | "forOthers">
  & { readonly tokens: readonly string[] };

/** Seals texts under the keys that members announce. */
export class Sealing {
  readonly #parts: SealingParts;

  constructor(parts: SealingParts) {
    this.#parts = parts;
  }

  /**
   * Seals texts for one key of a member.
   *
   * @throws {RangeError} If the key is not usable.
   */
  async forKey(texts: readonly string[], to: Addressee): Promise<Sealed> {
    return await this.#seal(texts, to, []);
  }

  /**
   * Seals texts for all keys that a member's clients have announced. The clients on one machine have
   * one key, or two at midnight.
   *
   * @param to The client that is reached by older clients, too.
   * @throws {RangeError} If the key of `to` is not usable.
   */
  async forMember(texts: readonly string[], to: Addressee): Promise<Sealed> {
    const keys = [...this.#parts.roster.values()].flatMap(({ id, agreementKey }) => {
      return id === to.id && agreementKey !== undefined ? [agreementKey] : [];
    });
    // Those that were heard of last come last.
    const others = new Set(keys.reverse());
    others.delete(to.agreementKey ?? "");
    return await this.#seal(texts, to, [...others].slice(0, MAX_OTHER_KEYS));
  }

  /** Seals texts for this member itself: its other clients, and this one after a restart. */
  async forOneself(texts: readonly string[]): Promise<Sealed> {
    const { id, presence: { agreementKey } } = this.#parts;
    return await this.forMember(texts, { id, agreementKey });
  }

  async #seal(
    texts: readonly string[],
    { id, agreementKey = "" }: Addressee,
    others: readonly string[],
  ): Promise<Sealed> {
    const [sender, recipient, first, ...more] = [this.#parts.id, id, agreementKey, ...others]
      .map((each) => parseBase64Url(each, PUBLIC_KEY_BYTES) ?? new Uint8Array());
    const between = { sender: sender!, recipient: recipient! };
    const { ephemeralKey, tokens, forOthers } = await sealTexts(texts, [first!, ...more], between);
    return {
      recipient: id,
      agreementKey: formatBase64Url(ephemeralKey),
      ...forOthers.length > 0 ? { forOthers: forOthers.join(" ") } : {},
      tokens,
    };
  }
}
