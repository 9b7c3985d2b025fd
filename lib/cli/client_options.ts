/**
 * The command line of `chat-client`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { MAX_BACKLOG_REQUEST, MAX_RECONNECT_SECONDS } from "../limits.ts";
import { parseNickname } from "../nickname.ts";
import { type Address, parseConnectPort, parseHostname } from "./address.ts";
import { parseCommandLine, parseWhole, type ProgramSpec } from "./options.ts";

/** What a client is started with. */
export interface ClientOptions {
  readonly address: Address;
  /** Path of the key file. */
  readonly keyPath: string;
  readonly nickname: string;
  /** Whether to go on listening after the end of piped input. */
  readonly stay: boolean;
  /** Whether to write unsigned text, for rooms of simple clients. */
  readonly plain: boolean;
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  /** Whether to read and write JSON, for bots. */
  readonly json: boolean;
  /** The one message to send; undefined for a conversation. */
  readonly send: string | undefined;
  /** Whether to keep nothing on disk, not even who one is. */
  readonly ephemeral: boolean;
  /** Path of the file with this member's keys; undefined for the usual place. */
  readonly identityPath: string | undefined;
  /** How many of the last messages to ask for; undefined for what suits the use. */
  readonly backlog: number | undefined;
  /** How long to try to connect again, in ms; undefined for what suits the use. */
  readonly reconnectMs: number | undefined;
}

/** Options, arguments and help of `chat-client`. */
export const CLIENT_SPEC: ProgramSpec = {
  name: "chat-client",
  summary: "Talks in an encrypted group chat.",
  args: [
    ["ip", "Address of the server"],
    ["port", "Port of the server"],
  ],
  options: [
    { name: "key", short: "k", value: "PATH", help: "The room's key file [secret.key]" },
    { name: "nick", short: "n", value: "NAME", help: "Your name in the room [your login name]" },
    { name: "stay", help: "Go on listening after the end of piped input" },
    { name: "plain", help: "Write unsigned text, for rooms of simple clients" },
    { name: "backlog", value: "N", help: "Last messages to ask for [200; 0 for piped input]" },
    { name: "identity", value: "PATH", help: "Your keys [in your state directory]" },
    { name: "ephemeral", help: "Be somebody new, and keep nothing on disk" },
    {
      name: "reconnect",
      value: "SECONDS",
      help: "How long to try again [86400; 300 for piped input]",
    },
    { name: "no-commands", help: "Send lines that begin with / as they are" },
    { name: "json", help: "Read and write JSON, for bots: see docs/JSON.md" },
    { name: "send", value: "TEXT", help: "Send one message, and leave once the server has it" },
  ],
  notes: [
    "Type a message and press Enter; /help shows the commands. Ctrl-D leaves.\n" +
    "With piped input each line is one message, and each message received is one\n" +
    "line of output.",
    "chat-client admission [--key PATH] prints what a server needs to admit members\n" +
    "without having the key itself (chat-server --keyless).",
    "Environment: CHAT_KEY, CHAT_NICK (as --key, --nick), XDG_STATE_HOME, NO_COLOR.",
    "Exit codes: 0 all was sent, 1 failure, 2 wrong usage, 130 on Ctrl-C.",
  ],
};

const FALLBACK_NICKNAME = "guest";

/**
 * Reads the command line of `chat-client`.
 *
 * @param args Its arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If it cannot be understood.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = parseClientOptions(["::1", "5050", "--nick", "alice"], () => undefined);
 * assert.deepEqual(options, {
 *   address: { hostname: "::1", port: 5050 },
 *   keyPath: "secret.key",
 *   nickname: "alice",
 *   stay: false,
 *   plain: false,
 *   hasCommands: true,
 *   json: false,
 *   send: undefined,
 *   ephemeral: false,
 *   identityPath: undefined,
 *   backlog: undefined,
 *   reconnectMs: undefined,
 * });
 * ```
 */
export function parseClientOptions(
  args: readonly string[],
  env: (name: string) => string | undefined,
): ClientOptions | string {
  const line = parseCommandLine(CLIENT_SPEC, args);
  if (typeof line === "string") return line;
  const [ip, port] = line.args as [string, string];
  const { values, switches } = line;
  if (switches.has("ephemeral") && values.has("identity")) {
    throw new UsageError("Options --ephemeral and --identity exclude each other");
  }
  if (switches.has("json") && values.has("send")) {
    throw new UsageError("Options --json and --send exclude each other");
  }
  const backlog = { min: 0, max: MAX_BACKLOG_REQUEST };
  const reconnect = { min: 0, max: MAX_RECONNECT_SECONDS };
  const reconnectSeconds = parseWhole("reconnect", values, { ...reconnect, fallback: undefined });
  return {
    address: { hostname: parseHostname(ip), port: parseConnectPort(port) },
    keyPath: values.get("key") ?? (env("CHAT_KEY") || "secret.key"),
    nickname: chooseNickname(values.get("nick") ?? (env("CHAT_NICK") || undefined), env),
    stay: switches.has("stay"),
    plain: switches.has("plain"),
    hasCommands: !switches.has("no-commands"),
    json: switches.has("json"),
    send: values.get("send"),
    ephemeral: switches.has("ephemeral"),
    identityPath: values.get("identity"),
    backlog: parseWhole("backlog", values, { ...backlog, fallback: undefined }),
    reconnectMs: reconnectSeconds === undefined ? undefined : reconnectSeconds * 1000,
  };
}

function chooseNickname(
  wanted: string | undefined,
  env: (name: string) => string | undefined,
): string {
  if (wanted === undefined) {
    try {
      return parseNickname(env("USER") || env("USERNAME") || FALLBACK_NICKNAME);
    } catch {
      // A login name that cannot be a nickname is nobody's mistake.
      return FALLBACK_NICKNAME;
    }
  }
  try {
    return parseNickname(wanted);
  } catch (error) {
    throw new UsageError((error as Error).message, "Choose one with --nick NAME.");
  }
}

const ADMISSION_SPEC: ProgramSpec = {
  name: "chat-client admission",
  summary: "Prints what a server needs to admit members without having the key.",
  args: [],
  options: [
    { name: "key", short: "k", value: "PATH", help: "The room's key file [secret.key]" },
  ],
  notes: ["Save it as admission.pub, and run: chat-server <ip> <port> --keyless admission.pub"],
};

/**
 * Reads the command line of `chat-client admission`.
 *
 * @param args What comes after `admission`.
 * @param env Looks up an environment variable.
 * @returns The path of the key file; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If it cannot be understood.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = parseAdmissionOptions(["--key", "a.key"], () => undefined);
 * assert.deepEqual(options, { keyPath: "a.key" });
 * ```
 */
export function parseAdmissionOptions(
  args: readonly string[],
  env: (name: string) => string | undefined,
): { readonly keyPath: string } | string {
  const line = parseCommandLine(ADMISSION_SPEC, args);
  if (typeof line === "string") return line;
  return { keyPath: line.values.get("key") ?? (env("CHAT_KEY") || "secret.key") };
}
