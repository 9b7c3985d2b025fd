/**
 * The options, arguments and commands of `chat-client`.
 *
 * @module
 */

import { BELL_MODES } from "../client/events.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { COLOR_CHOICES } from "../terminal/screen/color_depth.ts";
import { MAX_PORT } from "./address.ts";
import {
  ADDRESS,
  EPHEMERAL,
  FILE_OPTIONS,
  IDENTITY,
  KEY,
  NICK,
  ROOM,
  TLS_OPTIONS,
} from "./common_spec.ts";
import { describeCompletions, describeManual } from "./generate/common_commands.ts";
import { IDENTITY_SPEC } from "./identity_spec.ts";
import { INVITE_SPEC, JOIN_SPEC } from "./invite_spec.ts";
import { KEY_SPEC } from "./key_spec.ts";
import { ROTATE_SPEC } from "./rotate_spec.ts";
import { ROOMS_SPEC } from "./rooms_spec.ts";
import type { OptionSpec, ProgramSpec } from "./spec.ts";

/** Largest `--backlog`: a relay keeps at most as many messages. */
export const MAX_BACKLOG_REQUEST = 10_000;
/** Longest `--keep`, in days. */
export const MAX_KEEP_DAYS = 3650;
/** Longest `--reconnect`, in seconds. */
export const MAX_RECONNECT_SECONDS = 604_800;

/** Longest `--for` of an offer, in seconds: a week. */
export const MAX_OFFER_SECONDS = 604_800;

const OPTIONS: readonly OptionSpec<PlainPhrase>[] = [
  KEY,
  NICK,
  ...TLS_OPTIONS,
  { name: "send", value: "TEXT", help: "Send one message, and leave when it is taken" },
  { name: "stay", help: "Go on listening after the end of piped input", isSettable: true },
  { name: "json", help: "Write and read one event a line, as JSON", isSettable: true },
  { name: "plain", help: "Write unsigned text, for rooms of simple clients", isSettable: true },
  {
    name: "backlog",
    value: "N",
    help: "Last messages to ask for",
    range: { min: 0, max: MAX_BACKLOG_REQUEST },
    otherwise: "200; 0 for piped input",
    isSettable: true,
  },
  IDENTITY,
  EPHEMERAL,
  {
    name: "reconnect",
    value: "SECONDS",
    help: "How long to try again",
    range: { min: 0, max: MAX_RECONNECT_SECONDS },
    otherwise: "86400; 300 for piped input",
    isSettable: true,
  },
  {
    name: "commands",
    help: "Send lines that begin with / as they are",
    fallback: true,
    isSettable: true,
  },
  { name: "history", help: "Keep what you typed in a file", isSettable: true },
  {
    name: "keep",
    value: "DAYS",
    help: "Keep the messages, 0 to erase them",
    range: { min: 0, max: MAX_KEEP_DAYS },
    otherwise: "not kept",
    isSettable: true,
  },
  {
    name: "color",
    value: "WHEN",
    help: "Whether to use colours",
    choices: COLOR_CHOICES,
    fallback: "auto",
    isSettable: true,
  },
  {
    name: "bell",
    value: "WHEN",
    help: "What to ring for",
    choices: BELL_MODES,
    fallback: "mention",
    isSettable: true,
  },
  { name: "notify", help: "Show desktop notifications too", isSettable: true },
  { name: "timestamps", help: "Show no times", fallback: true, isSettable: true },
  ...FILE_OPTIONS,
];

const ARG_SETTINGS: readonly OptionSpec<PlainPhrase>[] = [
  { name: "ip", value: "IP", help: "Address of the server" },
  {
    name: "port",
    value: "PORT",
    help: "Port of the server",
    range: { min: 1, max: MAX_PORT },
  },
];

/** The command line of `chat-client admission`. */
export const ADMISSION_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client admission",
  summary: "Prints what admits members to a server without the key.",
  args: [],
  single: ROOM,
  options: [KEY, { name: "tls", help: "Add the secret line for --tls-port" }, ...FILE_OPTIONS],
  notes: [
    "Save it as admission.pub, and run: chat-server <ip> <port> --keyless admission.pub",
    "With --tls the file is secret, and no longer public: save it with umask 077.",
  ],
};

/** Options of a conversation, which mean nothing to a command that passes one file on. */
const NOT_FOR_FILES = [
  ...["send", "stay", "plain", "backlog", "commands", "history", "bell", "notify", "timestamps"],
];
const FILE_COMMAND_OPTIONS = OPTIONS.filter(({ name }) => !NOT_FOR_FILES.includes(name));
const FILE_COMMAND_NOTE = "Progress is told on standard error, if that is a terminal.";

/** The command line of `chat-client send-file`. */
export const SEND_FILE_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client send-file",
  summary: "Offers a file, and ends when somebody has it whole.",
  args: [["path", "The file"], ...ADDRESS],
  options: [
    { name: "to", value: "NICK", help: "Offer it to one member alone" },
    {
      name: "for",
      value: "SECONDS",
      help: "Offer it for so long, to as many as want it",
      range: { min: 1, max: MAX_OFFER_SECONDS },
    },
    ...FILE_COMMAND_OPTIONS,
  ],
  notes: [FILE_COMMAND_NOTE],
};

/** The command line of `chat-client take`. */
export const TAKE_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client take",
  summary: "Takes the next file that is offered, and prints its path.",
  args: ADDRESS,
  single: ROOM,
  argSettings: ARG_SETTINGS,
  options: [
    {
      name: "dir",
      value: "DIR",
      help: "Where the file is to lie",
      isPath: true,
      otherwise: "your Downloads",
    },
    { name: "from", value: "NICK", help: "Take a file of this member alone" },
    ...FILE_COMMAND_OPTIONS,
  ],
  notes: [FILE_COMMAND_NOTE],
};

/** The command line of `chat-client config`. */
export const CONFIG_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client config",
  summary: "Prints all settings, and where each is from.",
  args: ADDRESS,
  single: ROOM,
  argSettings: ARG_SETTINGS,
  options: [
    { name: "json", help: "Print them as JSON" },
    { name: "path", help: "Print the path of the settings file alone" },
    ...OPTIONS.filter(({ name }) => name !== "json"),
  ],
  notes: [
    "The other options are those of chat-client, and have the same effect on what is printed.",
  ],
};

/** The command line of `chat-client`. */
export const CLIENT_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client",
  summary: "Talks in an encrypted group chat.",
  args: ADDRESS,
  single: ROOM,
  argSettings: ARG_SETTINGS,
  options: OPTIONS,
  commands: [
    { name: "join", spec: JOIN_SPEC },
    { name: "invite", spec: INVITE_SPEC },
    { name: "rotate", spec: ROTATE_SPEC },
    { name: "admission", spec: ADMISSION_SPEC },
    { name: "key", spec: KEY_SPEC },
    { name: "config", spec: CONFIG_SPEC },
    { name: "rooms", spec: ROOMS_SPEC },
    { name: "identity", spec: IDENTITY_SPEC },
    { name: "send-file", spec: SEND_FILE_SPEC },
    { name: "take", spec: TAKE_SPEC },
    { name: "completions", spec: describeCompletions("chat-client") },
    { name: "man", spec: describeManual("chat-client") },
  ],
  notes: [
    "chat-client alone enters the only room that has a name, or lists the rooms.",
    "Type a message and press Enter; /help shows the commands. Ctrl-D leaves. With piped input each line is one message, and each message received is one line of output.",
    'All options but --send, --settings and --no-settings can also be set in the settings file, as in "bell": "pm" or "commands": false, and by variables such as CHAT_BELL=pm or CHAT_COMMANDS=off, which weigh more; the command line weighs most. Switches have two forms: --notify and --no-notify. An ip and a port that are set so need not be given.',
  ],
  helpNotes: [
    "Environment: CHAT_..., XDG_CONFIG_HOME, XDG_STATE_HOME, NO_COLOR, LANG.",
    "Exit codes: 0 all was sent, 1 failure, 2 wrong usage, 130 on Ctrl-C.",
  ],
};
