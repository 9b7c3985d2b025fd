/**
 * Brings what happens in the room to the user.
 *
 * @module
 */

import type { Happening, Message, ShownMessage } from "../client/events.ts";
import type { FileDesk } from "../client/files/desk.ts";
import type { Room } from "../client/room.ts";
import type { Say } from "../messages/phrases.ts";
import { foldNickname } from "../protocol/nickname.ts";
import { findMentions } from "../text/mention.ts";
import { describeHappening } from "./describe.ts";
import type { Ignored } from "./ignored.ts";
import type { Lastlog } from "./lastlog.ts";
import type { Members } from "./members.ts";
import type { InputHandler } from "./input_handler.ts";
import { Notices } from "./notices.ts";
import type { UserInterface } from "./user_interface.ts";

/** What a {@linkcode Receiver} reads and changes. */
export interface ReceiverParts {
  readonly user: UserInterface;
  readonly room: Room;
  readonly input: InputHandler;
  readonly lastlog: Lastlog;
  readonly ignored: Ignored;
  readonly members: Members;
  readonly say: Say;
  /** The files of this client; undefined where there are none. */
  readonly files?: FileDesk;
  /** Called with the nickname of each member who writes. */
  readonly onSpeaker?: (nickname: string) => void;
}

/**
 * Shows messages and other events in their order. What an ignored member does is not shown.
 */
export class Receiver {
  readonly #parts: ReceiverParts;
  /** By reason, rejected lines whose last count was not worth a line. */
  readonly #untold = new Map<string, Happening>();

  readonly #notices: Notices;

  constructor(parts: ReceiverParts) {
    this.#parts = parts;
    const { user, say } = parts;
    this.#notices = new Notices({ say, sumUp: user.sumUp && ((text) => user.sumUp!(text)) });
  }

  /** Runs until the session ends. The counts that were not told yet are told then. */
  async run(): Promise<void> {
    const { room, user, lastlog, ignored, say } = this.#parts;
    try {
      if (lastlog.isKept) {
        await user.show((await lastlog.past()).filter((message) => this.#isShown(message)));
      }
      for await (const events of room.events()) {
        // The user's side keeps the order of the calls. It is not waited for in between: a terminal
        // that draws each event by itself costs its user time.
        const messages: ShownMessage[] = [];
        const telling: (void | Promise<void>)[] = [];
        for (const event of events) {
          // What concerns a file that is under way is none of an offer.
          const isOffer = event.kind === "file" && event.message.kind === "offer";
          if (isOffer && ignored.has(event.id)) continue;
          if (event.kind === "file") this.#parts.files?.receive(event);
          else if (event.kind === "message") messages.push(...this.#take(event));
          else if (!("id" in event && ignored.has(event.id))) {
            if (messages.length > 0) telling.push(user.show(messages.splice(0)));
            telling.push(this.tell(event));
          }
        }
        if (messages.length > 0) telling.push(user.show(messages));
        await Promise.all(telling);
      }
    } finally {
      this.#notices.close();
      for (const event of this.#untold.values()) {
        await user.happen(event, describeHappening(event, say, true));
      }
    }
  }

  /** The message as it is shown; empty if its author is ignored. */
  #take(message: Message): ShownMessage[] {
    const { room, input, lastlog, ignored, onSpeaker, members } = this.#parts;
    if (ignored.has(message.id)) {
      ignored.count++;
      return [];
    }
    if (lastlog.wasShown(message)) return [];
    const { id, nickname, form, text, age, recipientId } = message;
    const { files } = this.#parts;
    if (message.offered && files) {
      // What an earlier run of this user's offered is gone with it.
      if (id === room.self.id && age === "old" || files.noteOffer(message)) return [];
    }
    const doubt = this.#doubt(message);
    // Written in another client of this user's, or in an earlier run.
    const isOwn = id === room.self.id;
    if (!isOwn) input.note(message);
    if (!isOwn && nickname !== undefined) onSpeaker?.(nickname);
    const isPublic = form !== "private" && age === "live";
    const isMention = !isOwn && isPublic && findMentions(text, room.self.nickname).length > 0;
    const to = recipientId === undefined ? {} : { recipient: members.nameOf(recipientId) };
    const shown = { ...message, isOwn, isMention, ...to, ...doubt === undefined ? {} : { doubt } };
    lastlog.add(shown);
    return this.#isShown(shown) ? [shown] : [];
  }

  /** A script knows what it has written to others alone. */
  #isShown({ recipient }: ShownMessage): boolean {
    return recipient === undefined || this.#parts.user.showOwn !== undefined;
  }

  /** A doubt about the letters of another's nickname. */
  #doubt({ id, nickname }: Pick<Message, "id" | "nickname">): string | undefined {
    const { room, members } = this.#parts;
    if (id === undefined || nickname === undefined || id === room.self.id) return undefined;
    return members.lookalikes.doubt(nickname, id);
  }

  #isOwnName(nickname: string): boolean {
    return foldNickname(nickname) === foldNickname(this.#parts.room.self.nickname);
  }

  /** Tells the user of something that happened, after what was told before. */
  async tell(event: Happening): Promise<void> {
    const { user, say } = this.#parts;
    const marked = "id" in event ? { ...event, doubt: this.#doubt(event) } : event;
    const text = event.kind === "impostor" && this.#isOwnName(event.nickname)
      ? say(
        "WARNING: somebody with another key writes as {nickname}, too: to others one of you is marked. Compare with /verify {nickname}, or take another name with /nick",
        event,
      )
      : describeHappening(marked, say);
    if (event.kind === "rejected") {
      if (text === undefined) this.#untold.set(event.reason, event);
      else this.#untold.delete(event.reason);
    }
    await user.happen(event, this.#notices.admits(marked) ? text : undefined);
  }
}
