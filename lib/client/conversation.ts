/**
 * A conversation: what the user writes goes to the room, what happens in the
 * room goes to the user. It knows neither sockets nor terminals.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import { ChatError } from "../errors.ts";
import { FINISH_TIMEOUT_MS, MAX_PRIVATE_TEXT_BYTES, MAX_TEXT_BYTES } from "../limits.ts";
import { parseNickname } from "../nickname.ts";
import { formatCommands, parseInput, type UserInput } from "./commands.ts";
import { describeHappening, describeMessage, type ShownLine } from "./describe.ts";
import type { RoomEvent } from "./events.ts";
import type { Members } from "./members.ts";
import type { RosterEntry } from "./roster.ts";

/** The user's side. */
export interface UserInterface {
  /** Lines that were no messages and could not be sent. */
  readonly refusedLines: number;
  /** Whether its input waits while it is not read. */
  readonly isPatient: boolean;
  /** What the user writes, in batches; ends when the user leaves. */
  inputs(): AsyncIterable<readonly string[]>;
  /** Shows messages, in order; their text comes from others and is not safe yet. */
  show(lines: readonly ShownLine[]): void | Promise<void>;
  /** Tells of something that is not a message. */
  notify(text: string): void;
  /** Shows under which name the user writes from now on. */
  setNickname(nickname: string): void;
}

/** The room's side, as `Session` implements it. */
export interface Room {
  /** Whether no more can be written for now. */
  readonly isFull: boolean;
  /** Waits until more can be written. */
  untilRoom(): Promise<void>;
  /** Writes messages, in order. */
  write(kind: "chat" | "act", texts: readonly string[]): Promise<void>;
  /** Writes to one member alone. */
  tell(to: RosterEntry, text: string): Promise<void>;
  /** Goes on under another name. */
  rename(nickname: string): Promise<void>;
  /** Says that no more will be written; `events()` ends when the relay has everything. */
  finish(): Promise<void>;
  /** What happens, until the session ends. */
  events(): AsyncIterable<readonly RoomEvent[]>;
  /** The state of things, for people. */
  status(): string[];
}

/** Settings of {@linkcode converse}. */
export interface ConversationOptions {
  /** Whether to go on listening after the end of the input. */
  readonly stay: boolean;
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  readonly members: Members;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
}

/**
 * Talks until the user leaves or the session ends.
 *
 * @param user The user's side.
 * @param room The room's side.
 * @param options What to do at the end of the input, and with commands.
 * @throws {ChatError} If the session ended before the room had taken all that was written, or
 * something could not be sent.
 * @example
 * ```ts ignore
 * await converse(terminal, session, { stay: false, hasCommands: true, members, formatTime });
 * ```
 */
export async function converse(
  user: UserInterface,
  room: Room,
  options: ConversationOptions,
): Promise<void> {
  const speaker = new Speaker(user, room, options);
  const receiving = receive(user, room, speaker, options.formatTime);
  const leaving = speaker.run().then(async () => {
    if (options.stay && !speaker.hasQuit) return await receiving;
    await room.finish();
    await withTimeout(receiving, FINISH_TIMEOUT_MS);
  });
  await Promise.race([receiving, leaving]);
  if (!speaker.isDone) throw new ChatError("Connection lost: the server is gone");
  const refused = speaker.refused + user.refusedLines;
  if (refused > 0) throw new ChatError(`Not everything was sent: ${refused} refused, see above`);
}

/** Carries out what the user enters. */
class Speaker {
  /** Lines that were not sent. */
  refused = 0;
  hasQuit = false;
  isDone = false;
  /** Who wrote a private message last. */
  correspondent: string | undefined;
  readonly #user: UserInterface;
  readonly #room: Room;
  readonly #options: ConversationOptions;

  constructor(user: UserInterface, room: Room, options: ConversationOptions) {
    this.#user = user;
    this.#room = room;
    this.#options = options;
  }

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
        if (this.correspondent !== undefined) return await this.#whisper(this.correspondent, first);
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
    await this.#room.tell(found, text);
  }

  async #rename(nickname: string): Promise<void> {
    try {
      const parsed = parseNickname(nickname);
      await this.#room.rename(parsed);
      this.#user.setNickname(parsed);
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

async function receive(
  user: UserInterface,
  room: Room,
  speaker: Speaker,
  formatTime: (seconds: number) => string,
): Promise<void> {
  for await (const events of room.events()) {
    let lines: ShownLine[] = [];
    for (const event of events) {
      if (event.kind === "message") {
        lines.push(describeMessage(event, formatTime));
        if (event.form === "private" && event.trust === "verified" && event.age === "live") {
          speaker.correspondent = event.nickname;
        }
        continue;
      }
      const text = describeHappening(event);
      if (text === undefined) continue;
      // In the order in which it happened.
      if (lines.length > 0) await user.show(lines);
      lines = [];
      user.notify(text);
    }
    if (lines.length > 0) await user.show(lines);
  }
}

async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ChatError("Cannot finish: the server does not take what was sent"));
  }, ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
