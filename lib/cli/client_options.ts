/**
 * What a client is started with, from its command line, the environment and the settings file.
 *
 * @module
 */

import type { BellMode } from "../client/events.ts";
import { type ChatError, UsageError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { sayIn } from "../messages/say.ts";
import { worded } from "../messages/wording.ts";
import { parseNickname } from "../protocol/nickname.ts";
import type { SettingsFile } from "../storage/settings_file.ts";
import type { ColorChoice } from "../terminal/screen/color_depth.ts";
import { type Address, parseConnectPort, parseHostname } from "./address.ts";
import { readSettings, resolveClientSettings } from "./client_settings.ts";
import { ADMISSION_SPEC, CLIENT_SPEC } from "./client_spec.ts";
import { missingArgument, parseCommandLine } from "./options.ts";
import type { Setting } from "./settings.ts";

/** What a client is started with. */
export interface ClientOptions {
  readonly address: Address;
  /** Path of the key file. */
  readonly keyPath: string;
  readonly nickname: string;
  /** Whether the user has chosen the nickname; else it is the login name. */
  readonly isNicknameChosen: boolean;
  /** The one message that is to be sent; undefined for a conversation. */
  readonly send: string | undefined;
  /** Whether to go on listening after the end of piped input. */
  readonly stay: boolean;
  /** Whether events are read and written as JSON, one a line. */
  readonly json: boolean;
  /** Whether to write unsigned text, for rooms of simple clients. */
  readonly plain: boolean;
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  /** Whether to keep nothing on disk, not even who one is. */
  readonly ephemeral: boolean;
  /** Path of the file with this member's keys; undefined for the usual place. */
  readonly identityPath: string | undefined;
  /** How many of the last messages to ask for; undefined for what suits the use. */
  readonly backlog: number | undefined;
  /** How long to try to connect again, in ms; undefined for what suits the use. */
  readonly reconnectMs: number | undefined;
  /** Whether what was typed is kept in a file. */
  readonly history: boolean;
  readonly color: ColorChoice;
  readonly bell: BellMode;
  /** Whether to show desktop notifications. */
  readonly notify: boolean;
  /** Whether lines begin with their time. */
  readonly timestamps: boolean;
}

type Env = (name: string) => string | undefined;

const FALLBACK_NICKNAME = "guest";

/**
 * Works out what a client is started with.
 *
 * @param args Its arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @param file The settings file; undefined for none.
 * @param say Says the help in the reader's language; English unless it is given.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If any of them cannot be understood, or they contradict each other.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const file = { path: "config.json", values: { bell: "off" } };
 * const options = parseClientOptions(["::1", "5050", "--nick", "alice"], () => undefined, file);
 * assert.deepEqual(options, {
 *   address: { hostname: "::1", port: 5050 },
 *   keyPath: "secret.key",
 *   nickname: "alice",
 *   isNicknameChosen: true,
 *   send: undefined,
 *   stay: false,
 *   json: false,
 *   plain: false,
 *   hasCommands: true,
 *   ephemeral: false,
 *   identityPath: undefined,
 *   backlog: undefined,
 *   reconnectMs: undefined,
 *   history: false,
 *   color: "auto",
 *   bell: "off",
 *   notify: false,
 *   timestamps: true,
 * });
 * ```
 */
export function parseClientOptions(
  args: readonly string[],
  env: Env,
  file?: SettingsFile,
  say: Say = sayIn("en"),
): ClientOptions | string {
  const line = parseCommandLine(CLIENT_SPEC, args, say);
  if (typeof line === "string") return line;
  const settings = resolveClientSettings(line, env, file);
  // The table gives each setting its type; see client_spec.ts.
  const get = <T>(name: string) => settings.get(name)!.value as T;
  const reconnectSeconds = get<number | undefined>("reconnect");
  return {
    address: readAddress(settings),
    keyPath: get("key"),
    ...chooseNickname(settings.get("nick")!, env),
    send: line.values.get("send"),
    stay: get("stay"),
    json: get("json"),
    plain: get("plain"),
    hasCommands: get("commands"),
    ephemeral: get("ephemeral"),
    identityPath: get("identity"),
    backlog: get("backlog"),
    reconnectMs: reconnectSeconds === undefined ? undefined : reconnectSeconds * 1000,
    history: get("history"),
    color: get("color"),
    bell: get("bell"),
    notify: get("notify"),
    timestamps: get("timestamps"),
  };
}

/**
 * Reads the command line of `chat-client admission`.
 *
 * @param args What comes after `admission`.
 * @param env Looks up an environment variable.
 * @param file The settings file; undefined for none.
 * @param say Says the help in the reader's language; English unless it is given.
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
  env: Env,
  file?: SettingsFile,
  say: Say = sayIn("en"),
): { readonly keyPath: string } | string {
  const line = parseCommandLine(ADMISSION_SPEC, args, say);
  if (typeof line === "string") return line;
  return { keyPath: String(resolveClientSettings(line, env, file).get("key")!.value) };
}

function readAddress(settings: ReadonlyMap<string, Setting>): Address {
  const [ip, port] = CLIENT_SPEC.args.map(([name], i) => {
    const value = settings.get(name)!.value;
    if (value === undefined) throw missingArgument(CLIENT_SPEC, i);
    return String(value);
  });
  return { hostname: parseHostname(ip!), port: parseConnectPort(port!) };
}

function chooseNickname(
  { value, origin, place }: Setting,
  env: Env,
): Pick<ClientOptions, "nickname" | "isNicknameChosen"> {
  if (value === undefined) {
    try {
      const name = env("USER") || env("USERNAME") || FALLBACK_NICKNAME;
      return { nickname: parseNickname(name), isNicknameChosen: false };
    } catch {
      // A login name that cannot be a nickname is nobody's mistake.
      return { nickname: FALLBACK_NICKNAME, isNicknameChosen: false };
    }
  }
  try {
    return { nickname: parseNickname(String(value)), isNicknameChosen: true };
  } catch (error) {
    const hint = origin === "file"
      ? worded("Correct the setting nick in {path}.", { path: place })
      : worded("Choose one with --nick NAME.");
    throw new UsageError((error as ChatError).wording, hint);
  }
}

/**
 * Works out what a client is started with, the settings file included.
 *
 * @param args Its arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @param os As in `Deno.build.os`.
 * @param say Says the help in the reader's language.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If any of them cannot be understood, or they contradict each other.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sayIn } from "../messages/say.ts";
 * const args = ["::1", "5050", "--no-settings", "--nick=alice"];
 * const options = await readClientOptions(args, () => undefined, "linux", sayIn("en"));
 * assert.ok(typeof options === "object");
 * assert.equal(options.nickname, "alice");
 * ```
 */
export async function readClientOptions(
  args: readonly string[],
  env: Env,
  os: string,
  say: Say,
): Promise<ClientOptions | string> {
  const file = await readSettings(CLIENT_SPEC, args, env, os);
  return parseClientOptions(args, env, file, say);
}
