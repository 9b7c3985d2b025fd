/**
 * The options and arguments that `chat-client` and its commands have in common.
 *
 * @module
 */

import type { PlainPhrase } from "../messages/phrases.ts";
import type { ArgumentSpec, OptionSpec } from "./spec.ts";

/** The address of a server. */
export const ADDRESS: readonly ArgumentSpec<PlainPhrase>[] = [
  ["ip", "Address of the server"],
  ["port", "Port of the server"],
];

/** A room that is named in place of an address. */
export const ROOM: ArgumentSpec<PlainPhrase> = [
  "room",
  "Name of a room: see chat-client rooms",
  "rooms",
];

/** Chooses the key of a room. */
export const KEY: OptionSpec<PlainPhrase> = {
  name: "key",
  short: "k",
  value: "PATH",
  help: "The room's key file",
  isPath: true,
  fallback: "secret.key",
  isSettable: true,
};

/** Chooses the nickname. */
export const NICK: OptionSpec<PlainPhrase> = {
  name: "nick",
  short: "n",
  value: "NAME",
  help: "Your name in the room",
  otherwise: "your login name",
  isSettable: true,
};

/** Chooses the identity file. */
export const IDENTITY: OptionSpec<PlainPhrase> = {
  name: "identity",
  value: "PATH",
  help: "Your keys",
  isPath: true,
  otherwise: "in your state directory",
  isSettable: true,
};

/** How the server is reached. */
export const TLS_OPTIONS: readonly OptionSpec<PlainPhrase>[] = [
  { name: "tls", help: "Over TLS, to the certificate of the room", isSettable: true },
  {
    name: "tls-name",
    value: "HOST",
    help: "Over TLS, to a certificate for that host",
    isSettable: true,
  },
  {
    name: "tls-ca",
    value: "PATH",
    help: "Authorities to trust for it",
    isPath: true,
    otherwise: "public ones",
    isSettable: true,
  },
];

/** Has the client keep nothing. */
export const EPHEMERAL: OptionSpec<PlainPhrase> = {
  name: "ephemeral",
  help: "Be somebody new, and keep nothing on disk",
  isSettable: true,
};

/** Choose the settings file. */
export const FILE_OPTIONS: readonly OptionSpec<PlainPhrase>[] = [
  { name: "settings", value: "PATH", help: "Read another settings file", isPath: true },
  { name: "no-settings", help: "Read no settings file" },
];
