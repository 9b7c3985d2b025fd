/**
 * One invitation, from its slot to the one who came.
 *
 * @module
 * @see docs/PROTOCOL.md, "Slots"
 */

import type { ClientControl } from "../../protocol/control.ts";
import type { Introduced } from "../../protocol/introduction.ts";
import type { SlotMessage } from "../../protocol/slot_lines.ts";
import { MAX_INVITER_MESSAGES, MEETING_TIMEOUT_MS } from "../limits.ts";
import { type InviterParts, InviterTalk } from "./inviter_talk.ts";
import { InviteError, type InviteFailure } from "./pairing_error.ts";

/** What invitations need of a connection. */
export interface SlotLink {
  /** Writes a control line. Rejects if the connection is gone. */
  say(control: ClientControl): Promise<void>;
}

/** What an {@linkcode Invitation} is made of. */
export interface InvitationParts extends InviterParts {
  /** For how many seconds it waits for a visitor. */
  readonly seconds: number;
  readonly link: SlotLink;
}

/** Passes a visitor's messages to the inviter's side, one after the other, and its answers back. */
export class Invitation {
  readonly #slot: string;
  readonly #link: SlotLink;
  readonly #talk: InviterTalk;
  readonly #end = Promise.withResolvers<Introduced>();
  #timer: ReturnType<typeof setTimeout>;
  #messages = 0;
  #isOver = false;
  /** Settles when all that came so far is answered. */
  #answering: Promise<void> = Promise.resolve();

  constructor({ seconds, link, ...parts }: InvitationParts) {
    this.#slot = parts.code.slot;
    this.#link = link;
    this.#talk = new InviterTalk(parts);
    this.#timer = setTimeout(() => this.end("expired"), 1000 * seconds);
  }

  /** Who came; rejects with an {@linkcode InviteError}. */
  get joined(): Promise<Introduced> {
    return this.#end.promise;
  }

  /** Takes a line about the slot. */
  take(control: SlotMessage): void {
    const isFirst = this.#messages === 0;
    if (control.verb === "PARTED") {
      if (isFirst) return this.#fail(new InviteError("expired"));
      // What came before is answered first.
      this.#answering = this.#answering.then(() => this.#fail(this.#talk.end()));
      return;
    }
    // A relay that sends a second visitor, or more than a joiner says, is not listened to.
    if ((control.verb === "MEET") !== isFirst || this.#messages >= MAX_INVITER_MESSAGES) return;
    this.#messages++;
    if (isFirst) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#leave(this.#talk.end()), MEETING_TIMEOUT_MS);
    }
    this.#answering = this.#answering.then(() => this.#answer(control.message));
  }

  /** Ends the invitation, and tells the relay. */
  end(failure: InviteFailure): void {
    this.#leave(new InviteError(failure));
  }

  async #answer(message: Uint8Array): Promise<void> {
    if (this.#isOver) return;
    try {
      const turn = await this.#talk.take(message);
      if ("joiner" in turn) this.#settle(() => this.#end.resolve(turn.joiner));
      else if (!this.#isOver) {
        await this.#link.say({ verb: "PASS", slot: this.#slot, message: turn.reply });
      }
    } catch (error) {
      this.#leave(error instanceof InviteError ? error : new InviteError("lost", { cause: error }));
    }
  }

  /** Ends the invitation on both sides. */
  #leave(error: InviteError): void {
    if (this.#isOver) return;
    this.#fail(error);
    this.#link.say({ verb: "PARTED", slot: this.#slot }).catch(() => {
      // The connection is gone, and the slot with it.
    });
  }

  #fail(error: InviteError): void {
    this.#settle(() => this.#end.reject(error));
  }

  #settle(settle: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    settle();
  }
}
