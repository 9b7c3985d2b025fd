/**
 * A room as its member uses it: writing to all or to one, changing the name, and leaving.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import type { Author, NewMessage } from "./author.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomEvent } from "./events.ts";
import { MEETING_MS } from "./limits.ts";
import type { Presence } from "./presence.ts";
import type { RosterEntry } from "./roster.ts";
import { type Sealed, Sealing } from "./sealing.ts";
import type { Session } from "./session.ts";
import { describeStatus, type StatusParts } from "./status.ts";

/** What a member can do in a room. */
export interface Room {
  /** This member: its Ed25519 key in base64url, and its name. */
  readonly self: { readonly id: string; readonly nickname: string };
  /** Whether no more can be written for now. */
  readonly isFull: boolean;
  /** Waits until more can be written. */
  untilRoom(): Promise<void>;
  /** Waits until the relay has all that was written so far: false if the session ended before. */
  untilTaken(): Promise<boolean>;
  /** Writes messages, in order. Returns the mark of each; none of plain text. */
  write(kind: "chat" | "act", texts: readonly string[]): Promise<readonly string[]>;
  /**
   * Writes to one member alone.
   *
   * @returns The mark under which this member's other clients get it.
   * @throws {ChatError} If this client writes plain text.
   */
  tell(to: RosterEntry, text: string): Promise<string | undefined>;
  /** Says that this client is here, if it has kept quiet, and gives the others time to answer. */
  meet(): Promise<void>;
  /** Goes on under another name. */
  rename(nickname: string): Promise<void>;
  /**
   * Tells the others that the user is away. Without a reason, tells them that the user is back.
   *
   * @returns Whether anything changed.
   */
  setAway(reason: string | undefined): Promise<boolean>;
  /**
   * Ends the writing. `events()` ends when the relay has taken all messages.
   *
   * @param options `isHasty`: if the connection is lost and the relay has taken all that the user
   * did, ends at once.
   */
  finish(options?: { readonly isHasty: boolean }): Promise<void>;
  /** The events of the room, until the session ends. */
  events(): AsyncIterable<readonly RoomEvent[]>;
  /** The state of the connection and the room, line by line, for people. */
  status(): string[];
}

/** What a {@linkcode MemberRoom} works with. */
export interface MemberRoomParts extends StatusParts {
  readonly author: Author;
  readonly delivery: Delivery;
  readonly session: Session;
  readonly presence: Presence;
}

/** A {@linkcode Room} through one session. */
export class MemberRoom implements Room {
  readonly #parts: MemberRoomParts;
  readonly #sealing: Sealing;
  /** Tells whether the relay has all that the user did. Messages of presence do not count. */
  #isTaken = () => true;

  constructor(parts: MemberRoomParts) {
    this.#parts = parts;
    this.#sealing = new Sealing(parts);
  }

  get self(): { readonly id: string; readonly nickname: string } {
    return { id: this.#parts.id, nickname: this.#parts.author.nickname };
  }

  get isFull(): boolean {
    return this.#parts.delivery.isFull;
  }

  async untilRoom(): Promise<void> {
    const { delivery, session } = this.#parts;
    while (delivery.isFull && !session.isClosed) await delivery.changed;
  }

  /**
   * Waits until the relay has taken all that was written so far.
   *
   * @returns False if the session ended before.
   */
  async untilTaken(): Promise<boolean> {
    const { delivery, session } = this.#parts;
    const isTaken = delivery.mark();
    while (!isTaken() && !session.isClosed) await delivery.changed;
    return isTaken();
  }

  async write(kind: "chat" | "act", texts: readonly string[]): Promise<readonly string[]> {
    return await this.#add(texts.map((text) => ({ kind, text })));
  }

  async tell(to: RosterEntry, text: string): Promise<string | undefined> {
    if (this.#parts.author.isPlain) {
      throw new ChatError(worded("Cannot write to one member alone: not with --plain"));
    }
    const copy = toMessage(await this.#sealing.forOneself([text]));
    if (to.id === this.#parts.id) return (await this.#add([copy])).at(-1);
    const message = toMessage(await this.#sealing.forMember([text], to));
    // This member's other clients, and this one after a restart, show what was written.
    return (await this.#add([message, { ...copy, copyOf: to.id }])).at(-1);
  }

  async meet(): Promise<void> {
    const { author, presence } = this.#parts;
    if (author.isPlain || !presence.endQuiet()) return;
    await new Promise((resolve) => setTimeout(resolve, MEETING_MS));
  }

  async rename(nickname: string): Promise<void> {
    const { author } = this.#parts;
    author.nickname = nickname;
    await this.#add(author.isPlain ? [] : [{ kind: "nick" }]);
  }

  async setAway(reason: string | undefined): Promise<boolean> {
    const { author, presence, session } = this.#parts;
    if (reason === presence.away) return false;
    presence.away = reason;
    await this.#add(author.isPlain ? [] : presence.introduce("here", session.connection?.cid));
    return true;
  }

  async finish({ isHasty = false } = {}): Promise<void> {
    const { author, delivery, session } = this.#parts;
    if (isHasty && !session.connection && this.#isTaken()) {
      // There is nothing to wait for: the others know that the connection is lost. The end is not
      // awaited, as an attempt to connect again may be under way.
      session[Symbol.asyncDispose]().catch(() => {});
      return;
    }
    await this.#add(author.isPlain ? [] : [{ kind: "leave" }]);
    delivery.finish();
  }

  /** Ends the session. If there is a connection, the others are told first. */
  async leaveQuickly(): Promise<void> {
    const { delivery, session } = this.#parts;
    if (session.connection && !delivery.isFinishing) {
      await this.finish();
      while (!delivery.isDone && session.connection) await delivery.changed;
    }
    await session[Symbol.asyncDispose]();
  }

  events(): AsyncIterable<readonly RoomEvent[]> {
    return this.#parts.session.events();
  }

  status(): string[] {
    return describeStatus(this.#parts);
  }

  async #add(messages: readonly NewMessage[]): Promise<string[]> {
    const marks = await this.#parts.author.write(messages);
    if (messages.length > 0) this.#isTaken = this.#parts.delivery.mark();
    return marks;
  }
}

function toMessage({ tokens: [text], ...sealed }: Sealed): NewMessage {
  return { kind: "dm", ...sealed, text };
}
