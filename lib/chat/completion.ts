/**
 * Completes commands, the values of their arguments, and nicknames.
 *
 * @module
 */

import type { Roster } from "../client/roster.ts";
import { COMMANDS, findCommand, WITHOUT_ARG } from "./commands.ts";
import { MAX_RECENT_SPEAKERS } from "./limits.ts";
import { WITHOUT } from "./rotate_command.ts";
import { matchNicknames } from "./nickname_match.ts";

/** Candidates that can replace the end of a line. */
export interface Completion {
  /** Where the replaced part begins: an index into the line, in UTF-16 units. */
  readonly start: number;
  /** The best first. */
  readonly candidates: readonly string[];
}

/** The part of a row of the table of commands that the completion reads. */
interface CompletedCommand {
  readonly name: string;
  readonly args: readonly string[];
  readonly choices?: readonly string[];
}

/**
 * Completes lines.
 *
 * Nicknames of members who are here come first: those who wrote, the last one first, and then the
 * others by the alphabet. Members who wrote and have left come at the end, because one may still
 * write about them.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Roster } from "../client/roster.ts";
 * const completer = new Completer(new Roster());
 * assert.deepEqual(completer.complete("/who"), { start: 0, candidates: ["/whois "] });
 * completer.note("bob");
 * assert.deepEqual(completer.complete("bo"), { start: 0, candidates: ["bob: "] });
 * ```
 */
export class Completer {
  readonly #roster: Roster;
  /** Nicknames of members who wrote. The one who wrote last is at the end. */
  readonly #speakers = new Set<string>();

  /** @param roster The clients that are here. */
  constructor(roster: Roster) {
    this.#roster = roster;
  }

  /** Notes that a member wrote. Only the last 100 nicknames are kept. */
  note(nickname: string): void {
    this.#speakers.delete(nickname);
    this.#speakers.add(nickname);
    if (this.#speakers.size > MAX_RECENT_SPEAKERS) {
      this.#speakers.delete(this.#speakers.values().next().value!);
    }
  }

  /**
   * Completes the end of a line.
   *
   * @param line The text in front of the cursor.
   * @returns Candidates, each with a space behind it. A nickname that begins a message has `: `
   * behind it instead, and one behind a bracket or a quote has nothing. There are no candidates if
   * nothing matches.
   */
  complete(line: string): Completion {
    const word = line.split(/\s/u).at(-1)!;
    const start = line.length - word.length;
    if (!line.startsWith("/") || line.startsWith("//")) {
      return this.#nicknames(word, start, start === 0 ? ": " : " ");
    }
    if (start === 0) return { start, candidates: commandsLike(word) };
    const [name = ""] = line.slice(1).split(/\s/, 1);
    const command = findCommand(name);
    if (!command) return { start, candidates: [] };
    return this.#argument(command, line.slice(0, start), word);
  }

  #argument(command: CompletedCommand, before: string, word: string): Completion {
    const start = before.length;
    const none = { start, candidates: [] };
    const index = before.trim().split(/\s+/).length - 1;
    // The last argument takes the rest of the line, but only a text has further words.
    const args = command.args.map((each) => each.replace("?", ""));
    const last = args.at(-1);
    const arg = last === WITHOUT_ARG.replace("?", "")
      ? WITHOUT
      : args[index] ?? (last === "text" ? last : undefined);
    if (arg === undefined) return none;
    if (command.choices) {
      const candidates = command.choices.filter((each) => each.startsWith(word.toLowerCase()));
      return { start, candidates };
    }
    if (arg === WITHOUT) {
      const candidates = index === 0 ? [`${WITHOUT} `].filter((each) => each.startsWith(word)) : [];
      return index === 0 ? { start, candidates } : this.#nicknames(word, start, " ");
    }
    switch (arg) {
      case "command": {
        const candidates = commandsLike(`/${word}`).map((each) => each.slice(1).trimEnd());
        return { start, candidates };
      }
      case "nick": {
        // A name alone stands here, so nothing stands in front of it.
        const found = this.#nicknames(word, start, " ");
        return found.start === start ? found : none;
      }
      case "text":
        return this.#nicknames(word, start, " ");
      default:
        return none;
    }
  }

  #nicknames(word: string, start: number, suffix: string): Completion {
    const here = new Set(this.#roster.list().map(({ nickname }) => nickname));
    const recent = [...this.#speakers].reverse();
    const all = new Set([...recent.filter((name) => here.has(name)), ...here, ...recent]);
    const { opening, names } = matchNicknames(word, [...all]);
    // What was opened is closed right behind the name, but for the sign in front of a mention.
    const ending = opening === "" ? suffix : opening.endsWith("@") ? " " : "";
    return {
      start: start + opening.length,
      candidates: names.map((name) => name + ending),
    };
  }
}

function commandsLike(word: string): string[] {
  const names: string[] = COMMANDS.map(({ name }) => `/${name} `);
  return names.filter((name) => name.startsWith(word.toLowerCase()));
}
