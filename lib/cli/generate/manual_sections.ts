/**
 * The sections of manual pages that are not about the command line.
 *
 * @module
 */

import type { PlainPhrase, Say } from "../../messages/phrases.ts";
import type { ManualSection } from "./manual.ts";

/** A section whose texts are not translated yet. */
interface SectionSpec {
  readonly title: PlainPhrase;
  readonly entries: readonly (readonly [tag: string, text: PlainPhrase])[];
}

const KEYS: SectionSpec = {
  title: "KEYS",
  entries: [
    ["Enter", "Send the message"],
    ["Alt-Enter", "Begin a new line within the message"],
    ["Tab, Shift-Tab", "Complete a command, a name or a path; again: the next, the one before"],
    ["Up, Down", "Go through what you entered; the draft is kept"],
    ["Ctrl-R", "Search what you entered; Ctrl-R again goes on, Escape ends it"],
    ["Home, End, Ctrl-A, Ctrl-E", "Go to the beginning or the end of the line"],
    ["Ctrl-Left, Ctrl-Right, Alt-B, Alt-F", "Go back or on by a word"],
    ["Ctrl-U, Ctrl-K", "Cut what is in front of the cursor, or behind it"],
    ["Ctrl-W, Alt-Backspace, Alt-D", "Cut the word in front of the cursor, or behind it"],
    ["Ctrl-Y, Alt-Y", "Insert what was cut last; in its place what was cut before"],
    ["Ctrl-T, Ctrl-_", "Swap two characters; undo"],
    ["Ctrl-L", "Clear the screen"],
    ["Ctrl-C", "Discard the draft; twice: leave at once"],
    ["Ctrl-D", "Delete a character; where there is none, leave"],
    ["Ctrl-Z", "Suspend the client; fg goes on"],
  ],
};

const CLIENT_SECTIONS: readonly SectionSpec[] = [
  KEYS,
  {
    title: "ENVIRONMENT",
    entries: [
      ["CHAT_KEY, CHAT_NICK, CHAT_BELL, ...", "Settings: CHAT_ and the name of the option"],
      ["XDG_CONFIG_HOME", "Where settings are, instead of ~/.config"],
      ["XDG_STATE_HOME", "Where keys and the past are, instead of ~/.local/state"],
      ["NO_COLOR", "Turns colours off, unless --color says otherwise"],
      ["TERM, COLORTERM", "Which colours the terminal has"],
      ["LC_ALL, LC_MESSAGES, LANG", "The language: French for fr, else English"],
    ],
  },
  {
    title: "FILES",
    entries: [
      ["secret.key", "The room's key: whoever has it is a member."],
      ["~/.config/encrypted-chatroom/config.json", "Your settings: a JSON object."],
      [
        "~/.config/encrypted-chatroom/rooms/",
        "For each room that has a name, its key and its own settings in room.json.",
      ],
      [
        "~/.local/state/encrypted-chatroom/identity",
        "Your keys. Keep a copy: who has lost them is somebody else to the others.",
      ],
      [
        "~/.local/state/encrypted-chatroom/rooms/",
        "For each room, the keys of the others by name, and which messages have been seen.",
      ],
      ["~/.local/state/encrypted-chatroom/history", "With --history, what you entered, readable."],
    ],
  },
  {
    title: "EXIT STATUS",
    entries: [
      ["0", "All that was written has been taken by the server."],
      ["1", "Something failed, or was refused."],
      ["2", "The command line or the settings cannot be understood."],
      ["129, 130, 131, 143", "Ended by SIGHUP, by Ctrl-C or SIGINT, by SIGQUIT, by SIGTERM."],
    ],
  },
];

const SERVER_SECTIONS: readonly SectionSpec[] = [
  {
    title: "ENVIRONMENT",
    entries: [
      ["CHAT_KEY", "The key file, unless --key names one"],
      ["NO_COLOR", "Turns colours off"],
      ["LC_ALL, LC_MESSAGES, LANG", "The language: French for fr, else English"],
    ],
  },
  {
    title: "FILES",
    entries: [
      ["secret.key", "The room's key: whoever has it is a member."],
      ["admission.pub", "What admits members without the key, for --keyless."],
    ],
  },
  {
    title: "EXIT STATUS",
    entries: [
      ["0", "Stopped by SIGINT or SIGTERM."],
      ["1", "Something failed."],
      ["2", "The command line cannot be understood."],
    ],
  },
];

/**
 * Lists the sections of a program's manual page.
 *
 * @param program `chat-client` or `chat-server`.
 * @param commands The commands of a room: how each is typed, and what it does.
 * @param say Says phrases in the reader's language.
 */
export function listSections(
  program: string,
  commands: ManualSection["entries"],
  say: Say,
): ManualSection[] {
  const specs = program === "chat-client" ? CLIENT_SECTIONS : SERVER_SECTIONS;
  const sections = specs.map(({ title, entries }): ManualSection => {
    return { title, entries: entries.map(([tag, text]) => [tag, say(text)]) };
  });
  return commands.length === 0
    ? sections
    : [{ title: "COMMANDS IN THE ROOM", entries: commands }, ...sections];
}
