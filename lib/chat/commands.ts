/**
 * The table of commands, and the reading of what the user types.
 *
 * A line that begins with a slash is a command. `//x` is the message `/x`. Any other line is a
 * message.
 *
 * @module
 */

import { BELL_MODES } from "../client/events.ts";
import type { Say } from "../messages/phrases.ts";
import { guessWord } from "../text/spelling.ts";
import { type CommandSpec, formatUsage, splitArguments } from "./command_spec.ts";

/** The argument of `/rotate`: the word `without`, and then nicknames. */
export const WITHOUT_ARG = "without nick...?";

/** The commands, in the order of the help. */
export const COMMANDS = [
  {
    name: "help",
    args: ["command?"],
    help: "Show the commands, or all about one",
  },
  { name: "names", args: [], help: "Show who is here" },
  {
    name: "whois",
    args: ["nick"],
    help: "Show what is known of a member",
    more:
      "Shows the key's safety number, whether the key is the one known for this name, how many clients of the member are here, and whether the member is away.",
  },
  {
    name: "nick",
    args: ["name"],
    help: "Go on under another name",
    more:
      "1 to 32 bytes, without spaces and < or >. Your key stays the same. /nick --keep keeps the name for the next start.",
  },
  { name: "me", args: ["text"], help: "Tell what you do" },
  {
    name: "msg",
    args: ["nick", "text"],
    help: "Write to one member alone",
    more:
      "Neither the server nor the other members can read it. It goes to the key that is known for this name, and to no other.",
  },
  { name: "reply", args: ["text"], help: "Answer the last private message" },
  {
    name: "query",
    args: ["nick?"],
    help: "Write all that follows to one member alone",
    more:
      "Without a name it ends, and what you write goes to the room again. The prompt shows to whom you write.",
  },
  {
    name: "ignore",
    args: ["nick?"],
    help: "Do not show what a member writes",
    more:
      "Goes by the member's key, so another name does not help. It hides who comes and goes, too, and lasts until you leave. Without a name it lists who is ignored.",
  },
  { name: "unignore", args: ["nick"], help: "Show again what a member writes" },
  { name: "verify", args: ["nick"], help: "Show both safety numbers, to compare them" },
  {
    name: "trust",
    args: ["nick"],
    help: "Accept the new key of a member",
    more:
      "It accepts the key whose number /verify or /whois showed last, and no other. If they showed none, it shows the number, and has to be entered again.",
  },
  {
    name: "invite",
    args: ["nick?"],
    help: "Let one person into the room with a code",
    more:
      "Shows four words that are good once, for 10 minutes, and what the other person does with them. Then both of you are verified to each other, as after /verify. /invite --qr draws a link with all of it, too.",
  },
  {
    name: "rotate",
    args: [WITHOUT_ARG],
    help: "Give the room a new key, perhaps without some",
    more:
      "/rotate without bob puts bob out: nothing that is written afterwards can be read with what bob has. It shows who gets the new key, and asks.",
  },
  {
    name: "send",
    args: ["path", "nick?"],
    help: "Offer a file to all, or to one member alone",
    more:
      "Nothing goes before somebody takes it. The server passes it on, and cannot read it. The file must stay as it is.",
  },
  {
    name: "take",
    args: ["number", "directory?"],
    help: "Take a file that is offered",
    more: "It comes to ~/Downloads, or to the directory. What is interrupted goes on where it was.",
  },
  { name: "files", args: [], help: "Show offers, and files on their way" },
  { name: "cancel", args: ["number"], help: "Withdraw an offer, or stop taking a file" },
  {
    name: "away",
    args: ["text?"],
    help: "Tell the others that you are away",
    more: "They see it in /names and /whois until you say /back.",
  },
  { name: "back", args: [], help: "Tell the others that you are back" },
  {
    name: "bell",
    args: [BELL_MODES.join("|")],
    choices: BELL_MODES,
    help: "Choose which messages ring the bell",
    more: "pm: private messages; mention: those, and messages with your name; all: every message.",
  },
  { name: "timestamps", args: [], help: "Show or hide the times of messages" },
  {
    name: "lastlog",
    args: ["pattern"],
    help: "Search the messages since you came",
    more: "Shows the last 50 with this text in them, whatever its case.",
  },
  { name: "clear", args: [], help: "Clear the screen" },
  { name: "status", args: [], help: "Show the connection, the room and what was refused" },
  { name: "quit", args: [], help: "Leave" },
] as const satisfies readonly CommandSpec[];

/** Short forms of commands that other commands begin with, too. */
const SHORT_FORMS: Readonly<Record<string, string>> = { "?": "help", r: "reply" };

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]["name"];

/** A command of the table. */
type NamedSpec = CommandSpec & { readonly name: CommandName };

/** A line that the user entered. */
export type UserInput =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "command"; readonly name: CommandName; readonly args: readonly string[] }
  /**
   * `reason` says what is wrong. `isText` tells whether the line may have been meant as a message.
   */
  | { readonly kind: "mistake"; readonly reason: string; readonly isText: boolean };

/**
 * Reads a line that the user entered.
 *
 * @param line The line without its ending.
 * @param say Words what is wrong with a command.
 * @returns A message, a command, or a mistake. A command has all of its arguments: one that was
 * left out is "". The beginning of a name that fits no other command is that command.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const say = sayIn("en");
 * assert.deepEqual(parseInput("//etc", say), { kind: "text", text: "/etc" });
 * const command = { kind: "command", name: "msg", args: ["bob", "a b"] };
 * assert.deepEqual(parseInput("/msg bob a b", say), command);
 * assert.equal(parseInput("/nonsense", say).kind, "mistake");
 * ```
 */
export function parseInput(line: string, say: Say): UserInput {
  if (!line.startsWith("/")) return { kind: "text", text: line };
  if (line.startsWith("//")) return { kind: "text", text: line.slice(1) };
  const [, word = "", rest = ""] = /^\/(\S*)\s*(.*)$/su.exec(line) ?? [];
  const found = findCommands(word);
  const [spec] = found;
  if (!spec || found.length > 1) {
    return { kind: "mistake", reason: sayUnknown(word, found, say), isText: true };
  }
  const args = splitArguments(rest, spec);
  if (!args) {
    const reason = say("usage: {usage}", { usage: formatUsage(spec) });
    return { kind: "mistake", reason, isText: false };
  }
  return { kind: "command", name: spec.name, args };
}

function sayUnknown(word: string, found: readonly NamedSpec[], say: Say): string {
  if (found.length > 1) {
    const commands = found.map(({ name }) => `/${name}`).join(", ");
    return say("/{word} may be: {commands}", { word, commands });
  }
  const guess = guessWord(word, COMMANDS.map(({ name }) => name));
  return guess === undefined
    ? say("there is no command /{word}; see /help, or type //{word}", { word })
    : say("there is no command /{word}; did you mean /{guess}? //{word} is sent as text", {
      word,
      guess,
    });
}

/**
 * Finds the command that a word names.
 *
 * @param word Its name or the beginning of it, without the slash, in any case; `?` is help.
 * @returns Undefined if there is none, or it may be several.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(findCommand("r")?.name, "reply");
 * assert.equal(findCommand("q"), undefined);
 * ```
 */
export function findCommand(word: string): NamedSpec | undefined {
  const found = findCommands(word);
  return found.length === 1 ? found[0] : undefined;
}

/** The command of a name, or all that begin with it. */
function findCommands(word: string): readonly NamedSpec[] {
  const lower = Object.hasOwn(SHORT_FORMS, word.toLowerCase())
    ? SHORT_FORMS[word.toLowerCase()]!
    : word.toLowerCase();
  if (lower === "") return [];
  const named = COMMANDS.filter(({ name }) => name === lower);
  return named.length > 0 ? named : COMMANDS.filter(({ name }) => name.startsWith(lower));
}
