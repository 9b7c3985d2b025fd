/**
 * The commands about files: `/send`, `/take`, `/files` and `/cancel`.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import type { FileDesk } from "../client/files/desk.ts";
import { explain } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { safeFileName } from "../text/file_name.ts";
import { listFiles } from "./describe_files.ts";
import type { CommandName } from "./commands.ts";
import type { Members } from "./members.ts";
import type { UserInterface } from "./user_interface.ts";

/** What {@linkcode FileCommands} read and change. */
export interface FileCommandsParts {
  readonly user: Pick<UserInterface, "isPatient" | "notify">;
  readonly members: Pick<Members, "find">;
  readonly say: Say;
  /** Undefined where there are no files. */
  readonly files?: FileDesk;
  /** The home directory, for `~/`; undefined if there is none. */
  readonly home?: string;
  /** Tells the user why a command is not carried out. */
  readonly reject: (reason: string) => void;
}

/** The commands that {@linkcode FileCommands} carry out. */
export type FileCommandName = Extract<CommandName, "send" | "take" | "files" | "cancel">;

/** Carries out the commands about files. */
export class FileCommands {
  readonly #parts: FileCommandsParts;

  constructor(parts: FileCommandsParts) {
    this.#parts = parts;
  }

  /** The handler of each command, by name. */
  readonly handlers: Readonly<
    Record<FileCommandName, (...args: string[]) => void | Promise<void>>
  > = {
    // A program says path and nickname apart, and adds "exact". What somebody types is guessed.
    send: (path = "", nickname = "", how = "") =>
      this.#run((files) => this.#send(files, path, nickname, how === "exact")),
    take: (number = "", directory = "") =>
      this.#run((files) => this.#take(files, number, directory)),
    files: () => this.#run((files) => listFiles(files, this.#parts.say)),
    cancel: (number = "") => this.#run((files) => this.#cancel(files, number)),
  };

  /** A person at a prompt goes on while a file is read; a script waits. */
  #run(
    command: (files: FileDesk) => readonly string[] | Promise<readonly string[]>,
  ): void | Promise<void> {
    const { user, files, say, reject } = this.#parts;
    if (!files) return reject(say("there are no files here"));
    const running = (async () => {
      for (const line of await command(files)) user.notify(line);
    })().catch((error) => reject(explain(error, say)));
    if (user.isPatient) return running;
  }

  async #send(
    files: FileDesk,
    first: string,
    rest: string,
    isExact: boolean,
  ): Promise<string[]> {
    const { members, say } = this.#parts;
    const { path, nickname } = isExact
      ? { path: this.#expand(first), nickname: rest }
      : await this.#split(first, rest);
    const to = nickname === "" ? undefined : members.find(nickname);
    if (typeof to === "string") throw new Error(to);
    const { number, source } = await files.offer(path, to);
    const values = { number, name: safeFileName(source.name), size: format(source.size) };
    return [
      to
        ? say("you offer {name} ({size}) to {nickname}; /cancel {number} withdraws it", {
          ...values,
          nickname: to.nickname,
        })
        : say("you offer {name} ({size}) to all; /cancel {number} withdraws it", values),
    ];
  }

  /**
   * A path may have spaces in it, and quotes around it, as in a shell: the last word is a nickname if
   * all of it is no file.
   */
  async #split(first: string, rest: string): Promise<{ path: string; nickname: string }> {
    const whole = rest === "" ? first : `${first} ${rest}`;
    const [, , quoted, nickname = ""] = /^(["'])(.+)\1(?: +(\S+))?$/.exec(whole) ?? [];
    if (quoted !== undefined && !await isThere(whole)) {
      return { path: this.#expand(quoted), nickname };
    }
    const paths = [whole, whole.slice(0, Math.max(0, whole.lastIndexOf(" ")))];
    for (const path of paths.filter((each) => each !== "")) {
      const expanded = this.#expand(path.trimEnd());
      if (await isThere(expanded)) {
        return { path: expanded, nickname: whole.slice(path.length).trim() };
      }
    }
    return { path: this.#expand(first), nickname: rest };
  }

  async #take(files: FileDesk, text: string, directory: string): Promise<string[]> {
    const { say } = this.#parts;
    const number = this.#numberOf(text);
    const into = directory === "" ? undefined : this.#expand(directory);
    const { name, nickname, file: { size } } = await files.take(number, into);
    return [say("{nickname} is asked for {name} ({size})", { nickname, name, size: format(size) })];
  }

  #cancel(files: FileDesk, text: string): string[] {
    const { say } = this.#parts;
    const number = this.#numberOf(text);
    if (!files.cancel(number)) throw new Error(say("there is no offer {number}", { number }));
    return [say("file {number} is cancelled", { number })];
  }

  #numberOf(text: string): number {
    if (!/^[0-9]{1,9}$/.test(text)) {
      throw new Error(this.#parts.say("a file is named by its number: see /files"));
    }
    return Number(text);
  }

  #expand(path: string): string {
    const { home } = this.#parts;
    return home !== undefined && path.startsWith("~/") ? home + path.slice(1) : path;
  }
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
