/**
 * The options of a client, from its command line, the environment, its room and the settings file.
 *
 * @module
 */

import type { BellMode } from "../client/events.ts";
import { type ChatError, Guidance, UsageError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { sayIn } from "../messages/say.ts";
import { worded } from "../messages/wording.ts";
import { parseNickname } from "../protocol/nickname.ts";
import type { StoredRoom } from "../storage/rooms.ts";
import type { SettingsFile } from "../storage/settings_file.ts";
import type { ColorChoice } from "../terminal/screen/color_depth.ts";
import { type Address, parseAddresses } from "./address.ts";
import { loadSettingsAt, locateSettings, resolveClientSettings } from "./client_settings.ts";
import { CLIENT_SPEC } from "./client_spec.ts";
import { guide } from "./guidance.ts";
import { type CommandLine, parseCommandLine } from "./options.ts";
import { findRoom, hasAddress, refuseRoom, type RoomPlace } from "./room_choice.ts";
import type { Setting } from "./settings.ts";
import { readTls, type TlsChoice } from "./tls_options.ts";
import { missingArgument } from "./usage.ts";

/** The options of a client. */
export interface ClientOptions {
  readonly address: Address;
  /** Further relays of the room, tried in turn. */
  readonly others: readonly Address[];
  /** How they are reached over TLS; undefined for without. */
  readonly tls: TlsChoice | undefined;
  /** The room, if it is entered by its name. */
  readonly room: StoredRoom | undefined;
  /** Path of the key file. */
  readonly keyPath: string;
  readonly nickname: string;
  /** Whether the user has chosen the nickname. Otherwise the nickname is the login name. */
  readonly isNicknameChosen: boolean;
  /** The text of the one message to send; undefined for a conversation. */
  readonly send: string | undefined;
  /** Whether the client goes on listening after the end of piped input. */
  readonly stay: boolean;
  /** Whether input and output are JSON, one object a line. */
  readonly json: boolean;
  /** Whether messages are unsigned text, for rooms of simple clients. */
  readonly plain: boolean;
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  /** Whether nothing is kept on disk. The client then has a new identity at each start. */
  readonly ephemeral: boolean;
  /** Path of the identity file; undefined for the usual place. */
  readonly identityPath: string | undefined;
  /** The number of past messages to ask for; undefined if nothing sets it. */
  readonly backlog: number | undefined;
  /** How long the client tries to connect again, in ms; undefined if nothing sets it. */
  readonly reconnectMs: number | undefined;
  /** Whether what the user typed is kept in a file. */
  readonly history: boolean;
  /** How many days messages are kept, 0 to erase those that are; undefined to do neither. */
  readonly keepDays: number | undefined;
  readonly color: ColorChoice;
  readonly bell: BellMode;
  /** Whether to show desktop notifications. */
  readonly notify: boolean;
  /** Whether lines begin with their time. */
  readonly timestamps: boolean;
}

type Env = (name: string) => string | undefined;

/** The nickname of an account without a name. */
export const FALLBACK_NICKNAME = "guest";

/**
 * Works out the options of a client.
 *
 * @param args The program's arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @param file The settings file; undefined for none.
 * @param say Says the help in the reader's language. The default is English.
 * @param room The room that is entered by its name; undefined for none.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If the command line, a variable or the file cannot be understood, or if two
 * options contradict each other.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const file = { path: "config.json", values: { bell: "off" } };
 * const options = parseClientOptions(["::1", "5050", "--nick", "alice"], () => undefined, file);
 * assert.deepEqual(options, {
 *   address: { hostname: "::1", port: 5050 },
 *   others: [],
 *   tls: undefined,
 *   room: undefined,
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
 *   keepDays: undefined,
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
  room?: StoredRoom,
): ClientOptions | string {
  const line = parseCommandLine(CLIENT_SPEC, args, say);
  if (typeof line === "string") return line;
  if (line.single !== undefined && !room) throw refuseRoom(CLIENT_SPEC, line.single, []);
  return clientOptionsOf(line, env, file, room);
}

/**
 * Works out the options of a client from a command line that was taken apart: the client's own, or
 * that of a command that talks with a server.
 *
 * @throws {UsageError} As {@linkcode parseClientOptions} does.
 */
export function clientOptionsOf(
  line: CommandLine,
  env: Env,
  file: SettingsFile | undefined,
  room: StoredRoom | undefined,
): ClientOptions {
  const settings = resolveClientSettings(line, env, file, room);
  // resolveClientSettings() has checked each value against the table, which gives it its type.
  const [address, ...others] = readAddresses(settings, room);
  const get = <T>(name: string) => settings.get(name)!.value as T;
  if (get("key") === "-" && !line.values.has("send")) {
    throw new UsageError(
      worded("With --key - no messages can come from standard input"),
      worded("Give the key as --key <(COMMAND), or the message as --send TEXT."),
    );
  }
  const reconnectSeconds = get<number | undefined>("reconnect");
  return {
    ...{ address, others, tls: readTls(settings) },
    room,
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
    keepDays: get("keep"),
    color: get("color"),
    bell: get("bell"),
    notify: get("notify"),
    timestamps: get("timestamps"),
  };
}

function readAddresses(
  settings: ReadonlyMap<string, Setting>,
  room: StoredRoom | undefined,
): [Address, ...Address[]] {
  const given: string[] = [];
  for (const [name] of CLIENT_SPEC.args) {
    const value = settings.get(name)!.value;
    if (value === undefined && room) {
      throw new UsageError(worded("{path} has no {name}", { path: room.file.path, name }));
    }
    if (value === undefined) throw missingArgument(CLIENT_SPEC, given);
    given.push(String(value));
  }
  const [ip, port] = given;
  return parseAddresses(ip!, port!);
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
      // The user did not choose the login name, so that a bad one is no error.
      return { nickname: FALLBACK_NICKNAME, isNicknameChosen: false };
    }
  }
  try {
    return { nickname: parseNickname(String(value)), isNicknameChosen: true };
  } catch (error) {
    const hint = origin === "file" || origin === "room"
      ? worded("Correct the setting nick in {path}.", { path: place })
      : worded("Choose one with --nick NAME.");
    throw new UsageError((error as ChatError).wording, hint);
  }
}

/**
 * Reads the settings file and the room, and works out the options of a client.
 *
 * @param args The program's arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @param say Says phrases in the reader's language.
 * @returns As {@linkcode parseClientOptions} does.
 * @throws {UsageError} As {@linkcode parseClientOptions} does, if a file cannot be read, or if
 * nothing says which room is meant.
 */
export async function readClientOptions(
  args: readonly string[],
  env: Env,
  os: string,
  say: Say,
): Promise<ClientOptions | string> {
  const line = parseCommandLine(CLIENT_SPEC, args, say);
  if (typeof line === "string") return line;
  const file = await loadSettingsAt(locateSettings(line, env, os));
  const room = await chooseRoom(line, { env, os, file, say });
  return parseClientOptions(args, env, file, say, room);
}

/** Chooses the room. Where there is no address and no room to choose, the error says what to do. */
async function chooseRoom(
  line: CommandLine,
  parts: RoomPlace & { readonly say: Say },
): Promise<StoredRoom | undefined> {
  const room = await findRoom(CLIENT_SPEC, line, parts);
  if (room || hasAddress(line, parts)) return room;
  const { env, os, say } = parts;
  throw new Guidance(await guide(env, os, say));
}
