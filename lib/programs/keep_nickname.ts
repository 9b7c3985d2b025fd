/**
 * Keeps the user's nickname for the next start.
 *
 * @module
 */

import type { ClientOptions } from "../cli/client_options.ts";
import { findSettings } from "../cli/client_settings.ts";
import { reasonOf } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import type { Warn } from "../storage/private_file.ts";
import { saveSettings } from "../storage/settings_file.ts";
import { shortenPath } from "../storage/state_paths.ts";

/** What {@linkcode NicknameKeeper} reads and calls. */
export interface NicknameKeeperParts {
  readonly options: Pick<ClientOptions, "ephemeral" | "room">;
  /** The program's arguments. */
  readonly args: readonly string[];
  readonly env: (name: string) => string | undefined;
  /** The operating system, as `Deno.build.os` names it. */
  readonly os: string;
  readonly say: Say;
  readonly warn: Warn;
}

/** Writes nicknames to the files of settings. */
export class NicknameKeeper {
  readonly #parts: NicknameKeeperParts;
  readonly #settingsPath: string | undefined;

  constructor(parts: NicknameKeeperParts) {
    this.#parts = parts;
    const { options, args, env, os } = parts;
    this.#settingsPath = options.ephemeral ? undefined : findSettings(args, env, os)?.path;
  }

  /**
   * Keeps the name that the user was asked for: for all rooms.
   *
   * @returns What to tell the user; undefined if nothing was kept.
   */
  async keepFirst(nickname: string): Promise<string | undefined> {
    return await this.#keep(this.#settingsPath, nickname);
  }

  /**
   * Keeps the name that the user has now: for the room, if it was entered by its name.
   *
   * @returns What to tell the user; undefined if a warning has told it.
   */
  async keepNow(nickname: string): Promise<string | undefined> {
    const { options, say } = this.#parts;
    const own = options.ephemeral ? undefined : options.room?.file.path;
    const path = own ?? this.#settingsPath;
    if (path === undefined) return say("there is no file to keep a name in");
    return await this.#keep(path, nickname);
  }

  async #keep(path: string | undefined, nickname: string): Promise<string | undefined> {
    if (path === undefined) return undefined;
    const { env, say, warn } = this.#parts;
    try {
      await saveSettings(path, { nick: nickname });
      return say("your name is kept in {path}", { path: shortenPath(path, env("HOME")) });
    } catch (error) {
      warn(worded("cannot save {path}: {reason}", { path, reason: reasonOf(error) }));
      return undefined;
    }
  }
}
