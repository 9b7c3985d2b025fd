/**
 * Commands that only show something, or that change only what this user sees.
 *
 * @module
 */

import type { BellMode } from "../client/events.ts";
import type { Room } from "../client/room.ts";
import type { Say } from "../messages/phrases.ts";
import { foldNickname } from "../protocol/nickname.ts";
import { oneLine } from "../text/sanitize.ts";
import { formatCommand, formatCommands } from "./command_help.ts";
import type { CommandName } from "./commands.ts";
import { describeMessage } from "./describe.ts";
import type { Ignored } from "./ignored.ts";
import type { Lastlog } from "./lastlog.ts";
import { MAX_LASTLOG_SHOWN } from "./limits.ts";
import type { Members } from "./members.ts";
import type { UserInterface } from "./user_interface.ts";

/** Carries out one command. */
export type Handler = (...args: string[]) => void | Promise<void>;

/** The commands that {@linkcode Answers} carries out. */
export type AnswerName = Extract<
  CommandName,
  | "help"
  | "names"
  | "whois"
  | "ignore"
  | "unignore"
  | "verify"
  | "trust"
  | "bell"
  | "timestamps"
  | "lastlog"
  | "clear"
  | "status"
>;

/** What {@linkcode Answers} reads and changes. */
export interface AnswersParts {
  readonly user: UserInterface;
  readonly room: Room;
  readonly members: Members;
  readonly lastlog: Lastlog;
  readonly ignored: Ignored;
  readonly say: Say;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
}

/**
 * Carries out the commands that only concern this user. Answers go to the user as notices.
 */
export class Answers {
  readonly #parts: AnswersParts;

  constructor(parts: AnswersParts) {
    this.#parts = parts;
  }

  /** The handler of each command, by name. A handler takes the command's arguments. */
  readonly handlers: Readonly<Record<AnswerName, Handler>> = {
    help: (name = "") => this.#help(name),
    names: () => this.#names(),
    whois: (nickname = "") => this.#whois(nickname),
    ignore: (nickname = "") => this.#ignore(nickname),
    unignore: (nickname = "") => this.#unignore(nickname),
    verify: async (nickname = "") => this.#tell(await this.#parts.members.numbers.verify(nickname)),
    trust: async (nickname = "") => this.#tell(await this.#parts.members.numbers.trust(nickname)),
    bell: (mode = "") => this.#setBell(mode.toLowerCase() as BellMode),
    timestamps: () => this.#toggleTimestamps(),
    lastlog: (pattern = "") => this.#search(pattern),
    clear: () => this.#parts.user.clear(),
    status: () => this.#status(),
  };

  #help(name: string): void {
    const { say } = this.#parts;
    const word = name.replace(/^\//, "");
    const lines = name === "" ? formatCommands(say) : formatCommand(word, say);
    this.#tell(lines ?? [say("there is no command /{word}", { word })]);
  }

  #names(): void {
    const { members, say } = this.#parts;
    const names = members.names().join(", ");
    this.#tell([names === "" ? say("here: only you") : say("here: you, {names}", { names })]);
  }

  async #whois(nickname: string): Promise<void> {
    const { members, ignored } = this.#parts;
    this.#tell(await members.numbers.whois(nickname, ignored));
  }

  #ignore(nickname: string): void {
    const { members, ignored, room, say } = this.#parts;
    if (nickname === "") {
      const names = ignored.names().join(", ");
      return this.#tell([
        names === "" ? say("nobody is ignored") : say("ignored: {names}", { names }),
      ]);
    }
    const keys = members.keysOf(nickname);
    // Another member may use the user's own name. Its key can be ignored, the user's own cannot.
    const ids = keys.filter((id) => id !== room.self.id);
    if (ids.length === 0) {
      const isOwn = keys.length > 0 || foldNickname(nickname) === foldNickname(room.self.nickname);
      return this.#tell([
        isOwn ? say("you cannot ignore yourself") : say(
          "no key is known as {nickname}, and only a key can be ignored",
          {
            nickname,
          },
        ),
      ]);
    }
    for (const id of ids) ignored.add(id, nickname);
    this.#tell([
      ids.length === 1
        ? say("{nickname} is ignored from now on", { nickname })
        : say("several keys are used as {nickname}, and all are ignored from now on", { nickname }),
    ]);
  }

  #unignore(nickname: string): void {
    const { members, ignored, say } = this.#parts;
    const folded = foldNickname(nickname);
    const known = ignored.named((name) => foldNickname(name) === folded);
    const wasIgnored = ignored.remove([...known, ...members.keysOf(nickname)]);
    this.#tell([
      wasIgnored
        ? say("{nickname} is no longer ignored", { nickname })
        : say("{nickname} is not ignored", { nickname }),
    ]);
  }

  #setBell(mode: BellMode): void {
    const { user, say } = this.#parts;
    user.setBell(mode);
    this.#tell([say("the bell rings for: {mode}", { mode })]);
  }

  #toggleTimestamps(): void {
    const { user, say } = this.#parts;
    this.#tell([user.toggleTimestamps() ? say("times are shown") : say("times are hidden")]);
  }

  async #search(pattern: string): Promise<void> {
    const { lastlog, formatTime, say } = this.#parts;
    const { count, last } = await lastlog.search(pattern, MAX_LASTLOG_SHOWN);
    if (count === 0) return this.#tell([say("nothing was found")]);
    const lines = last.map((message) => {
      return oneLine(describeMessage({ ...message, age: "old" }, formatTime, say));
    });
    const counts = { shown: last.length, found: count };
    this.#tell([say("{shown} of {found} found:", counts), ...lines]);
  }

  #status(): void {
    const { room, ignored, say } = this.#parts;
    const more = ignored.count === 0
      ? []
      : [say("not shown of those you ignore: {count}", ignored)];
    this.#tell([...room.status(), ...more]);
  }

  #tell(lines: readonly string[]): void {
    for (const line of lines) this.#parts.user.notify(line);
  }
}
