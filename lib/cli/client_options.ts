/**
 * The command line of `chat-client`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { parseNickname } from "../nickname.ts";
import { type Address, parseConnectPort, parseHostname } from "./address.ts";
import { parseCommandLine, type ProgramSpec } from "./options.ts";

/** What a client is started with. */
export interface ClientOptions {
  readonly address: Address;
  /** Path of the key file. */
  readonly keyPath: string;
  readonly nickname: string;
  /** Whether to go on listening after the end of piped input. */
  readonly stay: boolean;
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
  ],
  notes: [
    "Type a message and press Enter. Ctrl-D leaves.\n" +
    "With piped input each line is one message, and each message received is one\n" +
    "line of output.",
    "Environment: CHAT_KEY (as --key), CHAT_NICK (as --nick), NO_COLOR.",
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
  return {
    address: { hostname: parseHostname(ip), port: parseConnectPort(port) },
    keyPath: line.values.get("key") ?? (env("CHAT_KEY") || "secret.key"),
    nickname: chooseNickname(line.values.get("nick") ?? (env("CHAT_NICK") || undefined), env),
    stay: line.switches.has("stay"),
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
