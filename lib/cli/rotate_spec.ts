/**
 * The command line of `chat-client rotate`.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
import { ADDRESS, FILE_OPTIONS, IDENTITY, KEY, NICK, ROOM, TLS_OPTIONS } from "./common_spec.ts";
import type { ProgramSpec } from "./spec.ts";

/** Its other options are options of `chat-client`, too. */
export const ROTATE_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client rotate",
  summary: "Gives a room a new key, perhaps without some.",
  args: ADDRESS,
  single: ROOM,
  isArgless: true,
  options: [
    {
      name: "without",
      value: "NICK",
      help: "Put a member out; may be given again",
      isRepeated: true,
    },
    { name: "yes", help: "Do not ask" },
    ...[KEY, NICK, ...TLS_OPTIONS, IDENTITY, ...FILE_OPTIONS],
  ],
  notes: [
    "Shows who gets the new key, and asks at a terminal; elsewhere --yes is needed. Who was put out reads what was written so far, and nothing that follows.",
  ],
};
