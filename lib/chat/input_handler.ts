/**
 * Carries out what the user enters: messages and commands.
 *
 * @module
 */

import type { Message } from "../client/events.ts";
import { explain } from "../errors.ts";
import { type AnswerName, Answers, type AnswersParts, type Handler } from "./answers.ts";
import { type CommandName, parseInput, type UserInput } from "./commands.ts";
import { type FileCommandName, FileCommands, type FileCommandsParts } from "./file_commands.ts";
import { RotateCommand, type RotateCommandParts } from "./rotate_command.ts";
import { type SelfCommandName, SelfCommands, type SelfCommandsParts } from "./self_commands.ts";
import { Sender, type SenderParts } from "./sender.ts";

/** The commands that are about other members. */
const ASKING: ReadonlySet<CommandName> = new Set(
  ["away", "msg", "names", "query", "rotate", "send", "take", "trust", "verify", "whois"],
);

/** What an {@linkcode InputHandler} reads and changes. */
export interface InputHandlerParts
  extends
    SenderParts,
    AnswersParts,
    Pick<FileCommandsParts, "files" | "home">,
    Pick<SelfCommandsParts, "keepNickname">,
    Pick<RotateCommandParts, "rotator" | "fingerprint"> {
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  /** Opens an invitation for somebody, "" for anybody, and shows what is told of it. */
  readonly invite?: (nickname: string, tell: (line: string) => void) => Promise<void>;
}

/** A member that is written to alone. */
interface Addressee {
  /** The member's key; undefined until the member has been found. */
  readonly id: string | undefined;
  readonly nickname: string;
}

/**
 * Sends what the user writes, and carries out the user's commands.
 *
 * A text that is meant for one member must never go to the room. If the member cannot be found, the
 * text is refused.
 */
export class InputHandler {
  /** Whether the user entered `/quit`. */
  hasQuit = false;
  /** Whether the input has ended. */
  isDone = false;
  readonly #parts: InputHandlerParts;
  readonly #sender: Sender;
  readonly #answers: Answers;
  readonly #files: FileCommands;
  readonly #own: SelfCommands;
  readonly #rotating: RotateCommand;
  /** The author of the last private message, whom `/reply` answers. */
  #correspondent: Addressee | undefined;
  /** The member that all texts go to, after `/query`. */
  #recipient: Addressee | undefined;

  constructor(parts: InputHandlerParts) {
    this.#parts = parts;
    this.#sender = new Sender(parts);
    this.#answers = new Answers(parts);
    const reject = (reason: string) => this.#sender.reject(reason);
    this.#files = new FileCommands({ ...parts, reject });
    this.#own = new SelfCommands({ ...parts, reject });
    const clock = { monotonic: () => performance.now() };
    this.#rotating = new RotateCommand({ ...parts, ...clock, ownId: parts.room.self.id, reject });
  }

  /** The number of texts and commands that were refused and cannot be corrected. */
  get refused(): number {
    return this.#sender.refused;
  }

  /** Notes a message: `/reply` answers the author of the last private one that is verified. */
  note(message: Message): void {
    const { form, trust, age, id, nickname } = message;
    this.#rotating.note(message);
    const isAddressed = form === "private" && trust === "verified" && age === "live";
    if (isAddressed && nickname !== undefined) this.#correspondent = { id, nickname };
  }

  /** Reads the input to its end, or to `/quit`. */
  async run(): Promise<void> {
    for await (const lines of this.#parts.user.inputs()) {
      let texts: string[] = [];
      for (const line of lines) {
        if (typeof line === "string" && await this.#rotating.answer(line)) continue;
        // Of somebody at a prompt, it was an answer at most.
        if (line === "" && !this.#parts.user.isPatient) continue;
        const input = typeof line === "string" ? this.#parse(line) : line;
        if (input.kind === "text") {
          this.#rotating.withdraw();
          texts.push(input.text);
          continue;
        }
        await this.#write(texts);
        texts = [];
        if (input.kind === "command") await this.#obey(input);
        else if (input.isText) this.#sender.refuse(input.reason);
        else this.#sender.reject(input.reason);
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
      ...this.#files.handlers,
      ...this.#own.handlers,
      ...this.#handlers,
    };
    if (ASKING.has(name)) await this.#parts.room.meet();
    await handlers[name](...args);
  }

  async #write(texts: readonly string[]): Promise<void> {
    if (this.#recipient === undefined) return await this.#sender.send("chat", texts);
    for (const text of texts) {
      const found = await this.#whisper(this.#recipient, text);
      if (found) this.#address(found);
    }
  }

  /** Writes to one member. Returns the member with its nickname of now, if it was found. */
  async #whisper(to: Addressee, text: string): Promise<Addressee | undefined> {
    const { members } = this.#parts;
    const { id, nickname } = to;
    const found = id === undefined ? members.find(nickname) : members.findAgain({ id, nickname });
    if (typeof found === "string") {
      this.#sender.refuse(found);
      return undefined;
    }
    await this.#sender.whisper(found, text);
    return { id: found.id, nickname: found.nickname };
  }

  /** Sends all texts to one member from now on. */
  #address(recipient: Addressee): void {
    if (this.#recipient?.nickname !== recipient.nickname) {
      this.#parts.user.setRecipient(recipient.nickname);
    }
    this.#recipient = recipient;
  }

  readonly #handlers: Readonly<
    Record<Exclude<CommandName, AnswerName | FileCommandName | SelfCommandName>, Handler>
  > = {
    me: (text = "") => this.#act(text),
    msg: async (nickname = "", text = "") => {
      await this.#whisper({ id: undefined, nickname }, text);
    },
    reply: (text = "") => this.#reply(text),
    query: (nickname = "") => this.#query(nickname),
    invite: (nickname = "") => this.#invite(nickname),
    rotate: (text = "") => this.#rotating.rotate(text),
    quit: () => {
      this.hasQuit = true;
    },
  };

  async #invite(nickname: string): Promise<void> {
    const { user, invite, say } = this.#parts;
    try {
      await invite?.(nickname, (line) => user.notify(line));
    } catch (error) {
      this.#sender.reject(explain(error, say));
    }
  }

  async #reply(text: string): Promise<void> {
    const { say } = this.#parts;
    if (!this.#correspondent) return this.#sender.refuse(say("nobody has written to you alone"));
    this.#correspondent = await this.#whisper(this.#correspondent, text) ?? this.#correspondent;
  }

  async #act(text: string): Promise<void> {
    const { say } = this.#parts;
    if (!this.#recipient) return await this.#sender.send("act", [text]);
    this.#sender.refuse(say("a private message cannot be an action; /query goes back to the room"));
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
    const isFound = typeof found !== "string";
    // A member that was not found stays the recipient, so that no text goes to the room.
    this.#address(
      isFound ? { id: found.id, nickname: found.nickname } : { id: undefined, nickname },
    );
    const name = isFound ? found.nickname : nickname;
    user.notify(say("you write to {nickname} alone now; /query ends it", { nickname: name }));
    if (!isFound) user.notify(found);
  }
}
