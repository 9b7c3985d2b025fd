/**
 * The invitations that a member has open, over the connection that it has.
 *
 * @module
 * @see docs/PROTOCOL.md, "Slots"
 */

import type { RelayControl } from "../../protocol/control.ts";
import { type InvitationCode, makeCode } from "../../protocol/invitation_code.ts";
import type { Introduced } from "../../protocol/introduction.ts";
import { MAX_SLOT_SECONDS, MAX_SLOT_TRIES, RELAY_ANSWER_MS } from "../limits.ts";
import { Invitation, type SlotLink } from "./invitation.ts";
import type { InviterParts } from "./inviter_talk.ts";
import { InviteError } from "./pairing_error.ts";

/** An invitation as its user sees it. */
export interface OpenInvitation {
  readonly code: InvitationCode;
  /** For how many seconds the code is good, from now on. */
  readonly seconds: number;
  /**
   * Who came, and has the room's key.
   *
   * It rejects with an {@linkcode InviteError} if nobody came, or if something went wrong.
   */
  readonly joined: Promise<Introduced>;
  /** Ends the invitation. A visitor is sent away. */
  withdraw(): void;
}

/** The relay's answer to `!SLOT`. */
type SlotAnswer = (RelayControl & { verb: "SLOT" })["answer"];

/** A slot that was asked for. */
interface Request {
  /** The number of the `!PING` behind the `!SLOT`. */
  readonly n: number;
  readonly answered: PromiseWithResolvers<SlotAnswer>;
}

/** What {@linkcode Invitations} work with. */
export interface InvitationsParts extends Omit<InviterParts, "code"> {
  /** Is told who has the room's key now. */
  readonly onJoined?: (joiner: Introduced) => void;
}

/** Opens invitations. It is fed with what the relay says. */
export class Invitations {
  readonly #parts: InvitationsParts;
  readonly #requests = new Map<string, Request>();
  readonly #open = new Map<string, Invitation>();
  #link: SlotLink | undefined;

  /** @param parts The room's key, and who this member is. */
  constructor(parts: InvitationsParts) {
    this.#parts = parts;
  }

  /**
   * Uses a connection that is admitted.
   *
   * @returns When this is disposed of, the connection is gone, and all invitations fail.
   */
  attach(link: SlotLink): Disposable {
    this.#link = link;
    return { [Symbol.dispose]: () => this.#detach() };
  }

  /**
   * Asks the relay for a slot, within 10 s, and makes the code of it.
   *
   * @throws {InviteError} If there is no connection, or if the relay gives no slot.
   */
  async invite(): Promise<OpenInvitation> {
    for (let tries = 0; tries < MAX_SLOT_TRIES; tries++) {
      const code = await makeCode();
      if (this.#requests.has(code.slot)) continue;
      const answer = await this.#ask(code.slot);
      if (answer === "taken") continue;
      if (typeof answer === "string") throw new InviteError(answer);
      return this.#begin(code, Math.min(answer, MAX_SLOT_SECONDS));
    }
    throw new InviteError("full");
  }

  /** Takes a line of the relay. Lines that are about no invitation have no effect. */
  take(control: RelayControl): void {
    if (control.verb === "PONG") {
      const request = this.#requests.values().find(({ n }) => n === control.n);
      request?.answered.reject(new InviteError("old relay"));
    } else if (control.verb === "SLOT") {
      this.#requests.get(control.slot)?.answered.resolve(control.answer);
    } else if ("slot" in control) {
      this.#open.get(control.slot)?.take(control);
    }
  }

  async #ask(slot: string): Promise<SlotAnswer> {
    const link = this.#link;
    if (!link) throw new InviteError("lost");
    // A number that no other ping of this client has.
    const n = 1e14 + Math.floor(Math.random() * 1e14);
    const answered = Promise.withResolvers<SlotAnswer>();
    this.#requests.set(slot, { n, answered });
    const timer = setTimeout(
      () => answered.reject(new InviteError("unanswered")),
      RELAY_ANSWER_MS,
    );
    const asking = link.say({ verb: "SLOT", slot }).then(() => link.say({ verb: "PING", n }));
    asking.catch((cause) => answered.reject(new InviteError("lost", { cause })));
    try {
      return await answered.promise;
    } finally {
      clearTimeout(timer);
      this.#requests.delete(slot);
    }
  }

  #begin(code: InvitationCode, seconds: number): OpenInvitation {
    const link = this.#link;
    if (!link) throw new InviteError("lost");
    const invitation = new Invitation({ ...this.#parts, code, seconds, link });
    this.#open.set(code.slot, invitation);
    const { joined } = invitation;
    const forget = () => void this.#open.delete(code.slot);
    // Nobody need wait for the end.
    joined.then(this.#parts.onJoined).catch(() => {}).then(forget);
    return { code, seconds, joined, withdraw: () => invitation.end("withdrawn") };
  }

  #detach(): void {
    this.#link = undefined;
    for (const { answered } of this.#requests.values()) answered.reject(new InviteError("lost"));
    for (const invitation of this.#open.values()) invitation.end("lost");
  }
}
