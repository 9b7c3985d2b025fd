/**
 * Brings what the user writes to the room.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import { settleWithin } from "../async/within.ts";
import type { ShownMessage } from "../client/events.ts";
import type { Room } from "../client/room.ts";
import type { RosterEntry } from "../client/roster.ts";
import { explain } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { MAX_TEXT_BYTES } from "../protocol/limits.ts";
import type { Lastlog } from "./lastlog.ts";
import { ECHO_WAIT_MS, MAX_PRIVATE_TEXT_BYTES } from "./limits.ts";
import type { UserInterface } from "./user_interface.ts";

/** What a {@linkcode Sender} reads and changes. */
export interface SenderParts {
  readonly user: UserInterface;
  readonly room: Room;
  readonly lastlog: Lastlog;
  readonly say: Say;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
}

/**
 * Sends texts, shows them to their author, and refuses what cannot be sent.
 */
export class Sender {
  /** The number of refusals that the user cannot correct: those of a script. */
  refused = 0;
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Sends texts to the room, as messages ("chat") or as actions of `/me` ("act"). */
  async send(kind: "chat" | "act", texts: readonly string[]): Promise<void> {
    const { room, say } = this.#parts;
    const fitting = texts.filter((text) => this.#fits(text, MAX_TEXT_BYTES));
    if (fitting.length === 0) return;
    if (!await this.#hasRoom()) {
      return this.refuse(say("too much is waiting to be sent"), fitting.length);
    }
    const marks = await room.write(kind, fitting);
    const form = kind === "chat" ? "chat" : "action";
    await this.#echo(fitting.map((text, i) => ({ form, text, ...marked(marks[i]) })));
  }

  /** Sends a text to one member alone, through a client that `Members.find()` has found. */
  async whisper(recipient: RosterEntry, text: string): Promise<void> {
    const { room, say } = this.#parts;
    if (!this.#fits(text, MAX_PRIVATE_TEXT_BYTES)) return;
    if (!await this.#hasRoom()) return this.refuse(say("too much is waiting to be sent"));
    let mark: string | undefined;
    try {
      mark = await room.tell(recipient, text);
    } catch (error) {
      // A member may announce a key that cannot be used.
      return this.refuse(explain(error, say));
    }
    const { nickname } = recipient;
    await this.#echo([{ form: "private", text, recipient: nickname, ...marked(mark) }]);
  }

  /** Tells the user why `count` texts are not sent. */
  refuse(reason: string, count = 1): void {
    this.#turnDown(reason, this.#parts.say("not sent: {reason}", { reason }), count);
  }

  /** Tells the user why a command is not carried out. */
  reject(reason: string): void {
    this.#turnDown(reason, reason, 1);
  }

  #turnDown(reason: string, told: string, count: number): void {
    const { user } = this.#parts;
    // A person at a prompt sees the refusal and corrects it. A script is told by its exit code.
    if (user.isPatient) this.refused += count;
    if (user.refuse) user.refuse(reason);
    else user.notify(told);
  }

  /** Shows the user what the others will see. */
  async #echo(
    written: readonly Pick<ShownMessage, "form" | "text" | "recipient" | "mark">[],
  ): Promise<void> {
    const { user, room, lastlog, now } = this.#parts;
    const time = Math.floor(now() / 1000);
    const shown = written.map((each): ShownMessage => ({
      ...{ kind: "message", ...room.self, ...each, time },
      ...{ trust: "verified", age: "live", isLate: false, isOwn: true, isMention: false },
    }));
    for (const message of shown) lastlog.add(message);
    if (!user.showOwn) return;
    const showing = user.showOwn(shown, room.untilTaken());
    // The answer to a command that follows stands behind it, unless the relay is slow.
    await settleWithin(Promise.resolve(showing), ECHO_WAIT_MS);
  }

  async #hasRoom(): Promise<boolean> {
    const { room, user } = this.#parts;
    if (room.isFull && user.isPatient) await room.untilRoom();
    return !room.isFull;
  }

  #fits(text: string, maxBytes: number): boolean {
    const count = new TextEncoder().encode(text).length;
    if (count <= maxBytes) return true;
    const { say } = this.#parts;
    const most = format(maxBytes);
    this.refuse(say("{count} bytes of text ({most} is the most)", { count, most }));
    return false;
  }
}

function marked(mark: string | undefined): Pick<ShownMessage, "mark"> {
  return mark === undefined ? {} : { mark };
}
