/**
 * The command lines of `chat-client identity` and its commands.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
import { FILE_OPTIONS, IDENTITY } from "./common_spec.ts";
import type { ProgramSpec } from "./spec.ts";

/** The command line of `chat-client identity export`. */
export const EXPORT_IDENTITY_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client identity export",
  summary: "Writes your identity to a file, sealed with a passphrase.",
  args: [["path", "File to write, or - for standard output", "files"]],
  options: [IDENTITY, ...FILE_OPTIONS],
  notes: ["Where standard input is no terminal, its first line is the passphrase."],
};

/** The command line of `chat-client identity import`. */
export const IMPORT_IDENTITY_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client identity import",
  summary: "Takes an identity over that was exported on another machine.",
  args: [["path", "File to read, or - for standard input", "files"]],
  options: [IDENTITY, ...FILE_OPTIONS],
  notes: [
    "Where standard input is no terminal, its first line is the passphrase. An identity that is there already is never written over.",
  ],
};

/** The command line of `chat-client identity`. */
export const IDENTITY_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-client identity",
  summary: "Shows your safety number, and where your identity is.",
  args: [],
  options: [IDENTITY, ...FILE_OPTIONS],
  commands: [
    { name: "export", spec: EXPORT_IDENTITY_SPEC },
    { name: "import", spec: IMPORT_IDENTITY_SPEC },
  ],
  notes: ["With the same identity on several machines you are one person to the others."],
};
