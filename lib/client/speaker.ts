/**
 * Carrying out what the user enters: messages and commands.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import { MAX_PRIVATE_TEXT_BYTES, MAX_TEXT_BYTES } from "../limits.ts";
import { parseNickname } from "../nickname.ts";
import { formatCommands, parseInput, type UserInput } from "./commands.ts";
import type { ConversationOptions, Room, UserInterface } from "./conversation.ts";
import type { Message } from "./events.ts";

/**
 * The user's voice in a conversation.
 *
 * @example
 * ```ts ignore
 * const speaker = new Speaker(user, room, options);
 * await speaker.run();
 * ```
 */
export class Speaker {
  /** Lines that were not sent. */
  refused = 0;
  /** Whether `/quit` was entered. */
  hasQuit = false;
  /** Whether the input has ended. */
  isDone = false;
  /** Who wrote a private message last. */
  #correspondent: string | undefined;
  readonly #user: UserInterface;
  readonly #room: Room;
  readonly #options: ConversationOptions;

  /**
   * @param user Who enters.
   * @param room Where it goes.
   * @param options Whether there are commands, and who can be written to.
   */
  constructor(user: UserInterface, room: Room, options: ConversationOptions) {
    this.#user = user;
    this.#room = room;
    this.#options = options;
  }

  /** Remembers whom `/reply` answers. */
  note({ form, trust, age, nickname }: Message): void {
    const isAddressed = form === "private" && trust === "verified" && age === "live";
    if (isAddressed) this.#correspondent = nickname;
  }

  /** Goes through the input to its end, or to `/quit`. */
  async run(): Promise<void> {
    for await (const lines of this.#user.inputs()) {
      let texts: string[] = [];
      for (const line of lines) {
        const input = this.#parse(line);
        if (input.kind === "text") {
          texts.push(input.text);
          continue;
        }
        await this.#say("chat", texts);
        texts = [];
        if (input.kind === "mistake") this.#refuse(input.reason);
        else await this.#obey(input);
        if (this.hasQuit) break;
      }
      await this.#say("chat", texts);
      if (this.hasQuit) break;
    }
    this.isDone = true;
  }

  #parse(line: string): UserInput {
    return this.#options.hasCommands ? parseInput(line) : { kind: "text", text: line };
  }

  async #obey({ name, args }: Extract<UserInput, { kind: "command" }>): Promise<void> {
    const { members } = this.#options;
    const [first = "", second = ""] = args;
    switch (name) {
      case "help":
        return this.#tell(formatCommands());
      case "names": {
        const names = members.names();
        return this.#tell([names.length > 0 ? `here: you, ${names.join(", ")}` : "here: only you"]);
      }
      case "me":
        return await this.#say("act", [first]);
      case "msg":
        return await this.#whisper(first, second);
      case "reply":
        if (this.#correspondent !== undefined) {
          return await this.#whisper(this.#correspondent, first);
        }
        return this.#refuse("nobody has written to you alone");
      case "nick":
        return await this.#rename(first);
      case "verify":
        return this.#tell(await members.verify(first));
      case "trust":
        return this.#tell([members.trust(first)]);
      case "status":
        return this.#tell(this.#room.status());
      case "quit":
        this.hasQuit = true;
    }
  }

  async #say(kind: "chat" | "act", texts: readonly string[]): Promise<void> {
    const fitting = texts.filter((text) => this.#fits(text, MAX_TEXT_BYTES));
    if (fitting.length === 0) return;
    if (await this.#hasRoom()) await this.#room.write(kind, fitting);
    else this.#refuse("too much is waiting to be sent", fitting.length);
  }

  async #whisper(nickname: string, text: string): Promise<void> {
    const found = this.#options.members.find(nickname);
    if (typeof found === "string") return this.#refuse(found);
    if (!this.#fits(text, MAX_PRIVATE_TEXT_BYTES)) return;
    if (!await this.#hasRoom()) return this.#refuse("too much is waiting to be sent");
    try {
      await this.#room.tell(found, text);
    } catch (error) {
      // The key that a member announces may be anything.
      this.#refuse((error as Error).message);
    }
  }

  async #rename(nickname: string): Promise<void> {
    try {
      const parsed = parseNickname(nickname);
      await this.#room.rename(parsed);
      this.#user.setNickname(parsed);
      const warning = this.#options.members.claim(parsed);
      if (warning !== undefined) this.#user.notify(warning);
    } catch (error) {
      this.#refuse((error as Error).message);
    }
  }

  async #hasRoom(): Promise<boolean> {
    if (this.#room.isFull && this.#user.isPatient) await this.#room.untilRoom();
    return !this.#room.isFull;
  }

  #fits(text: string, maxBytes: number): boolean {
    const bytes = new TextEncoder().encode(text).length;
    if (bytes <= maxBytes) return true;
    this.#refuse(`${bytes} bytes of text (${format(maxBytes)} is the most)`);
    return false;
  }

  #refuse(reason: string, count = 1): void {
    // At a prompt, a slip is seen and corrected; a script learns of it in the end.
    if (this.#user.isPatient) this.refused += count;
    this.#user.notify(`not sent: ${reason}`);
  }

  #tell(lines: readonly string[]): void {
    for (const line of lines) this.#user.notify(line);
  }
}
