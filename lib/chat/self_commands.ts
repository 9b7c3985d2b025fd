/**
 * The commands about the user's own name and presence: `/nick`, `/away` and `/back`.
 *
 * @module
 */

import { MAX_AWAY_CHARS } from "../client/limits.ts";
import type { Room } from "../client/room.ts";
import { explain } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { parseNickname } from "../protocol/nickname.ts";
import type { Handler } from "./answers.ts";
import type { CommandName } from "./commands.ts";
import type { Members } from "./members.ts";
import type { UserInterface } from "./user_interface.ts";

/** What `/nick` takes in place of a name, to keep the name of now. */
const KEEP = "--keep";

/** What {@linkcode SelfCommands} read and change. */
export interface SelfCommandsParts {
  readonly user: Pick<UserInterface, "notify" | "setNickname">;
  readonly room: Pick<Room, "self" | "rename" | "setAway">;
  readonly members: Pick<Members, "claim">;
  readonly say: Say;
  /** Keeps a nickname for the next start, and returns what to tell the user. */
  readonly keepNickname?: (nickname: string) => Promise<string | undefined>;
  /** Tells the user why a command is not carried out. */
  readonly reject: (reason: string) => void;
}

/** The commands that {@linkcode SelfCommands} carry out. */
export type SelfCommandName = Extract<CommandName, "nick" | "away" | "back">;

/** Carries out the commands about the user. */
export class SelfCommands {
  readonly #parts: SelfCommandsParts;

  constructor(parts: SelfCommandsParts) {
    this.#parts = parts;
  }

  /** The handler of each command, by name. */
  readonly handlers: Readonly<Record<SelfCommandName, Handler>> = {
    nick: (nickname = "") => this.#rename(nickname),
    away: (reason = "") => this.#setAway(reason),
    back: () => this.#setAway(undefined),
  };

  async #setAway(reason: string | undefined): Promise<void> {
    const { room, user, say, reject } = this.#parts;
    const count = reason?.length ?? 0;
    if (count > MAX_AWAY_CHARS) {
      const most = MAX_AWAY_CHARS;
      return reject(
        say("{count} characters of reason ({most} is the most)", { count, most }),
      );
    }
    const isChanged = await room.setAway(reason);
    if (reason !== undefined) {
      return user.notify(isChanged ? say("you are away now") : say("you are away already"));
    }
    user.notify(isChanged ? say("you are back") : say("you are not away"));
  }

  async #keepNickname(): Promise<void> {
    const { room, user, keepNickname, say, reject } = this.#parts;
    if (!keepNickname) {
      return reject(say("a name can only be kept at a terminal"));
    }
    const told = await keepNickname(room.self.nickname);
    if (told !== undefined) user.notify(told);
  }

  async #rename(nickname: string): Promise<void> {
    if (nickname === KEEP) return await this.#keepNickname();
    const { room, user, members, say, reject } = this.#parts;
    try {
      const parsed = parseNickname(nickname);
      if (parsed === room.self.nickname) {
        return user.notify(say("{nickname} is your name already", { nickname }));
      }
      await room.rename(parsed);
      user.setNickname(parsed);
      const warning = members.claim(parsed);
      if (warning !== undefined) user.notify(warning);
      if (this.#parts.keepNickname) {
        user.notify(say("to have this name next time, too: /nick --keep"));
      }
    } catch (error) {
      reject(explain(error, say));
    }
  }
}
