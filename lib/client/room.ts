/**
 * A room as its member uses it: write to all, to one, change the name, leave.
 *
 * @module
 */

import { formatBase64Url, parseBase64Url } from "../base64url.ts";
import { sealText } from "../direct_message.ts";
import { PUBLIC_KEY_BYTES } from "../ed25519.ts";
import { ChatError } from "../errors.ts";
import type { Author, Draft } from "./author.ts";
import type { Room } from "./conversation.ts";
import type { Delivery } from "./delivery.ts";
import type { RoomEvent } from "./events.ts";
import type { RosterEntry } from "./roster.ts";
import type { Session } from "./session.ts";

/** What a {@linkcode MemberRoom} works with. */
export interface MemberRoomParts {
  /** This member's Ed25519 key, in base64url. */
  readonly id: string;
  readonly author: Author;
  readonly delivery: Delivery;
  readonly session: Session;
  /** The room's key, as people compare it. */
  readonly fingerprint: string;
}

/**
 * A room, through one session.
 *
 * @example
 * ```ts ignore
 * await room.write("chat", ["hello"]);
 * await room.finish();
 * ```
 */
export class MemberRoom implements Room {
  readonly #parts: MemberRoomParts;

  /** @param parts What it works with. */
  constructor(parts: MemberRoomParts) {
    this.#parts = parts;
  }

  get isFull(): boolean {
    return this.#parts.delivery.isFull;
  }

  async untilRoom(): Promise<void> {
    const { delivery, session } = this.#parts;
    while (delivery.isFull && !session.isClosed) await delivery.changed;
  }

  async write(kind: "chat" | "act", texts: readonly string[]): Promise<void> {
    await this.#add(texts.map((text) => ({ kind, text })));
  }

  async tell(to: RosterEntry, text: string): Promise<void> {
    if (this.#parts.author.isPlain) {
      throw new ChatError("Cannot write to one member alone: not with --plain");
    }
    const [sender, recipient, key] = [this.#parts.id, to.id, to.agreementKey!].map((each) =>
      parseBase64Url(each, PUBLIC_KEY_BYTES)!
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const { ephemeralKey, token } = await sealText(text, key, { sender, recipient });
    const agreementKey = formatBase64Url(ephemeralKey);
    await this.#add([{ kind: "dm", recipient: to.id, agreementKey, text: token }]);
  }

  async rename(nickname: string): Promise<void> {
    const { author } = this.#parts;
    author.nickname = nickname;
    await this.#add(author.isPlain ? [] : [{ kind: "nick" }]);
  }

  async finish(): Promise<void> {
    const { author, delivery } = this.#parts;
    await this.#add(author.isPlain ? [] : [{ kind: "leave" }]);
    delivery.isFinishing = true;
    delivery.notify();
  }

  /** Tells the others, if that can be done at once, and ends. */
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
    const { session, delivery, author, fingerprint } = this.#parts;
    const { connection, rejected } = session;
    const state = connection
      ? `connected as ${author.nickname}, room ${connection.mode}, ${connection.peers} ` +
        "connections when this one began"
      : "not connected";
    const refused = [...rejected].map(([reason, count]) => `${count} ${reason}`).join(", ");
    return [
      state,
      `key fingerprint ${fingerprint}`,
      `not taken by the server yet: ${delivery.untaken}; not shown: ${refused || "none"}`,
    ];
  }

  async #add(drafts: readonly Draft[]): Promise<void> {
    await this.#parts.author.write(drafts);
    this.#parts.delivery.notify();
  }
}
