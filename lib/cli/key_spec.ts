/**
 * The command lines of `chat-client key` and its command.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
import { FILE_OPTIONS, KEY, ROOM } from "./common_spec.ts";
import type { ProgramSpec } from "./spec.ts";

/** The command line of `chat-client key show`. */
export const SHOW_KEY_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client key show",
  summary: "Shows what kind of key a room has, and never the key.",
  args: [],
  single: ROOM,
  options: [KEY, ...FILE_OPTIONS],
  notes: [],
};

/** The command line of `chat-client key`. */
export const KEY_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client key",
  summary: "Prints the room's Fernet key of today, for scripts.",
  args: [],
  single: ROOM,
  options: [{ name: "today", help: "Print it, though it is a secret" }, KEY, ...FILE_OPTIONS],
  commands: [{ name: "show", spec: SHOW_KEY_SPEC }],
  notes: [
    "In a room that moves on, a script needs a new key each day. That of yesterday is still read.",
  ],
};
