/**
 * The command lines of `chat-client rooms` and its commands.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
import { ADDRESS, FILE_OPTIONS, KEY, NICK, TLS_OPTIONS } from "./common_spec.ts";
import type { ProgramSpec } from "./spec.ts";

/** The command line of `chat-client rooms add`. */
export const ADD_ROOM_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client rooms add",
  summary: "Keeps a room under a name.",
  args: [["name", "Name of the new room"], ...ADDRESS],
  options: [KEY, NICK, ...TLS_OPTIONS, ...FILE_OPTIONS],
  notes: [
    "The key is copied. The room has its own settings in room.json, which weigh more than the settings file.",
  ],
};

/** The command line of `chat-client rooms remove`. */
export const REMOVE_ROOM_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client rooms remove",
  summary: "Removes a room and its key.",
  args: [["room", "Name of the room", "rooms"]],
  options: [{ name: "yes", short: "y", help: "Do not ask" }],
  notes: ["Who has no other copy of the key can read nothing of the room any more."],
};

/** The command line of `chat-client rooms`. */
export const ROOMS_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client rooms",
  summary: "Lists the rooms that have names.",
  args: [],
  options: [],
  commands: [
    { name: "add", spec: ADD_ROOM_SPEC },
    { name: "remove", spec: REMOVE_ROOM_SPEC },
  ],
  notes: ["Enter one with: chat-client NAME"],
};
