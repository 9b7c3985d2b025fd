/**
 * The command lines of `chat-client invite` and `chat-client join`.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
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
import type { ProgramSpec } from "./spec.ts";

/** The command line of `chat-client invite`. Its options but `--qr` are options of `chat-client`, too. */
export const INVITE_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client invite",
  summary: "Makes a code that lets one person into a room.",
  args: ADDRESS,
  single: ROOM,
  isArgless: true,
  options: [
    { name: "qr", help: "Draw the link as a QR code, too, at a terminal" },
    ...[KEY, NICK, ...TLS_OPTIONS, IDENTITY, EPHEMERAL, ...FILE_OPTIONS],
  ],
  notes: [
    "Standard output has the code alone. The code is good once, for 10 minutes, while the command waits: it ends with 0 when somebody came, and with 1 when nobody did.",
  ],
};

/** The command line of `chat-client join`. */
export const JOIN_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client join",
  summary: "Joins a room with a code, keeps it under a name, and enters it.",
  args: ADDRESS,
  rest: ["code", "The four words; asked for if missing, as others can see arguments"],
  single: ["link", "A link that has it all: chatroom://..."],
  isArgless: true,
  options: [
    { name: "name", value: "ROOM", help: "Name of the new room", otherwise: "its address" },
    { name: "no-enter", help: "Keep the room, and do not enter it" },
    NICK,
    ...TLS_OPTIONS,
    IDENTITY,
    ...FILE_OPTIONS,
  ],
  notes: [
    "Where standard input is no terminal, its first line is the code if that is missing. If the address is missing, too, it is a link, or the code with the address on the next line. The other lines go to the room.",
  ],
};
