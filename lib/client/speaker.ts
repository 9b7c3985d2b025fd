/**
 * Carrying out what the user enters: messages and commands.
 *
 * @module
 */

import { parseNickname } from "../nickname.ts";
import { type AnswerName, Answers, type AnswersParts, type Handler } from "./answers.ts";
import { type CommandName, parseInput, type UserInput } from "./commands.ts";
import type { Message } from "./events.ts";
import { Voice, type VoiceParts } from "./voice.ts";

/** What a {@linkcode Speaker} works with. */
export interface SpeakerParts extends VoiceParts, AnswersParts {
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
}

/**
 * The user's part in a conversation.
 *
 * @example
 * ```ts ignore
 * const speaker = new Speaker(parts);
 * await speaker.run();
 * ```
 */
export class Speaker {
  /** Whether `/quit` was entered. */
  hasQuit = false;
  /** Whether the input has ended. */
  isDone = false;
  readonly #parts: SpeakerParts;
  readonly #voice: Voice;
  readonly #answers: Answers;
  /** Who wrote a private message last. */
  #correspondent: string | undefined;
  /** To whom alone all texts go. */
  #recipient: string | undefined;

  /** @param parts What it works with. */
  constructor(parts: SpeakerParts) {
    this.#parts = parts;
    this.#voice = new Voice(parts);
    this.#answers = new Answers(parts, (reason) => this.#voice.refuse(reason));
  }

  /** Lines that were not sent. */
  get refused(): number {
    return this.#voice.refused;
  }

  /** Remembers whom `/reply` answers. */
  note({ form, trust, age, nickname }: Message): void {
    const isAddressed = form === "private" && trust === "verified" && age === "live";
    if (isAddressed) this.#correspondent = nickname;
  }

  /** Goes through the input to its end, or to `/quit`. */
  async run(): Promise<void> {
    for await (const lines of this.#parts.user.inputs()) {
      let texts: string[] = [];
      for (const line of lines) {
        const input = typeof line === "string" ? this.#parse(line) : line;
        if (input.kind === "text") {
          texts.push(input.text);
          continue;
        }
        await this.#write(texts);
        texts = [];
        if (input.kind === "mistake") this.#voice.refuse(input.reason);
        else await this.#obey(input);
        if (this.hasQuit) break;
      }
      await this.#write(texts);
      if (this.hasQuit) break;
    }
    this.isDone = true;
  }

  #parse(line: string): UserInput {
    const { hasCommands, say } = this.#parts;
    return hasCommands ? parseInput(line, say) : { kind: "text", text: line };
  }

  async #obey({ name, args }: Extract<UserInput, { kind: "command" }>): Promise<void> {
    const handlers: Readonly<Record<CommandName, Handler>> = {
      ...this.#answers.handlers,
      ...this.#handlers,
    };
    await handlers[name](...args);
  }

  async #write(texts: readonly string[]): Promise<void> {
    if (this.#recipient === undefined) return await this.#voice.say("chat", texts);
    for (const text of texts) await this.#voice.whisper(this.#recipient, text);
  }

  readonly #handlers: Readonly<Record<Exclude<CommandName, AnswerName>, Handler>> = {
    nick: (nickname = "") => this.#rename(nickname),
    me: (text = "") => this.#voice.say("act", [text]),
    msg: (nickname = "", text = "") => this.#voice.whisper(nickname, text),
    reply: (text = "") => this.#reply(text),
    query: (nickname = "") => this.#query(nickname),
    away: (reason = "") => this.#setAway(reason),
    back: () => this.#setAway(undefined),
    quit: () => {
      this.hasQuit = true;
    },
  };

  async #reply(text: string): Promise<void> {
    if (this.#correspondent !== undefined) {
      return await this.#voice.whisper(this.#correspondent, text);
    }
    this.#voice.refuse(this.#parts.say("nobody has written to you alone"));
  }

  #query(nickname: string): void {
    const { user, members, say } = this.#parts;
    if (nickname === "") {
      const hadRecipient = this.#recipient !== undefined;
      this.#recipient = undefined;
      user.setRecipient(undefined);
      return user.notify(
        hadRecipient ? say("you write to the room again") : say("you write to the room already"),
      );
    }
    const found = members.find(nickname);
    if (typeof found === "string") return this.#voice.refuse(found);
    this.#recipient = found.nickname;
    user.setRecipient(found.nickname);
    user.notify(say("you write to {nickname} alone now; /query ends it", found));
  }

  async #setAway(reason: string | undefined): Promise<void> {
    const { room, user, say } = this.#parts;
    if (!await room.setAway(reason)) return user.notify(say("you are not away"));
    const text = reason === undefined
      ? say("is back")
      : reason === ""
      ? say("is away")
      : say("is away: {reason}", { reason });
    await this.#voice.say("act", [text]);
  }

  async #rename(nickname: string): Promise<void> {
    const { room, user, members } = this.#parts;
    try {
      const parsed = parseNickname(nickname);
      await room.rename(parsed);
      user.setNickname(parsed);
      const warning = members.claim(parsed);
      if (warning !== undefined) user.notify(warning);
    } catch (error) {
      this.#voice.fail(error);
    }
  }
}
