/**
 * Carries out `chat-client join`.
 *
 * @module
 */

import type { Address } from "../cli/address.ts";
import { type ClientOptions, readClientOptions } from "../cli/client_options.ts";
import { nameProgram } from "../cli/guidance.ts";
import { JOIN_SPEC } from "../cli/invite_spec.ts";
import { type CommandLine, parseCommandLine } from "../cli/options.ts";
import type { RoomLink } from "../cli/room_link.ts";
import { optionsOfTls, settingsOfTls } from "../cli/tls_options.ts";
import { join, type Joined } from "../client/pairing/join.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { UsageError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { meetKnownRoom } from "../storage/known_room.ts";
import { parseNewRoomName } from "../storage/room_name.ts";
import {
  expectFreeRoom,
  type NewRoom,
  type StoredRoom,
  storeRoom,
  tryRoom,
} from "../storage/rooms.ts";
import { shortenPath } from "../storage/state_paths.ts";
import { formatHostPort } from "../text/host_port.ts";
import type { CommandParts } from "./command_parts.ts";
import { openMember } from "./enter_client.ts";
import { openState } from "./home.ts";
import { describeNumber, openPins, pinPartner, spellPartner } from "./inviting.ts";
import { readTarget } from "./join_target.ts";
import { chooseName } from "./name_question.ts";
import { proposeOther } from "./propose_name.ts";
import { openSecure } from "./secure_link.ts";
import { requireDirectory } from "./room_commands.ts";

/**
 * Runs `chat-client join`. All that could fail by itself comes before the code is used up.
 *
 * @param parts The arguments begin with `join`.
 * @returns What the command prints, without an LF at the end; undefined if the room was entered.
 * @throws {UsageError} If the arguments, the settings or the code cannot be understood.
 * @throws {JoinError} If the code does not lead to the key. Nothing is stored then.
 * @throws {ChatError} If the server cannot be reached, or a file cannot be used.
 */
export async function runJoin(parts: CommandParts): Promise<string | undefined> {
  const { env, os, say, warn, report } = parts;
  const line = parseCommandLine(JOIN_SPEC, parts.args.slice(1), say);
  if (typeof line === "string") return line;
  const given = line.values.get("name");
  const name = given === undefined ? undefined : parseNewRoomName(given);
  const directory = requireDirectory(env, os);
  if (name !== undefined) await expectFreeRoom(directory, name);
  const { code, tls, isLink, ...address } = await readTarget(line, parts.questions);
  const args = [...listClientOptions(line), ...listTlsOptions(line, isLink ? { tls } : undefined)];
  const options = await readOptions(address, args, parts);
  const state = await openState({ options, env, os, warn });
  const { id, signing: { privateKey } } = await openMember(options, state, warn);
  const { nickname: proposed, isProposed, keep } = await chooseName(options, args, id, parts);
  const nick = line.values.get("nick");
  const link = settingsOfTls(options.tls);
  await finish(parts, tryRoom(directory, { name, address, link, nick }));
  let nickname = proposed;
  const joined = await join({
    ...{ ...address, code },
    // Its certificate cannot be known yet. Whoever stands between learns nothing of the key.
    secure: await openSecure(options.tls),
    introduce: (inviter) => {
      if (isProposed) nickname = proposeOther(proposed, inviter.nickname, id);
      return { id, nickname, privateKey };
    },
  });
  // Under another name the inviter would not know the user again.
  const kept = nickname === proposed ? nick : nickname;
  const room = { name, address, link, keyText: joined.keyText, nick: kept };
  const { stored, told } = await finish(parts, keepRoom(directory, room, say));
  if (nickname === proposed) await keep();
  const inviter = [await meetInviter(joined, state, parts), ...told];
  if (nickname !== proposed) {
    inviter.push(say("the name {name} is taken: you are {nickname}", { name: proposed, nickname }));
  }
  const { fingerprint } = joined;
  const path = shortenPath(stored.keyPath, env("HOME"));
  const command = `${nameProgram("client", env)} ${stored.name}`;
  if (line.switches.has("no-enter")) {
    return [
      ...inviter,
      say("room: {fingerprint}", { fingerprint }),
      say("its key is kept in {path}", { path }),
      say("enter it with: {command}", { command }),
    ].join("\n");
  }
  for (const told of inviter) report(told);
  report(say("from now on you enter it with: {command}", { command }));
  await parts.talk([stored.name, `--nick=${nickname}`, ...args]);
}

/** Does something to its end, also where the process is to end. */
async function finish<T>({ before }: CommandParts, doing: Promise<T>): Promise<T> {
  before(() => doing.catch(() => {}));
  return await doing;
}

/** Stores the room, or takes the one that has its key already. Says which it is. */
async function keepRoom(
  directory: string,
  room: NewRoom,
  say: Say,
): Promise<{ readonly stored: StoredRoom; readonly told: readonly string[] }> {
  const known = await meetKnownRoom(directory, room);
  if (!known) return { stored: await storeRoom(directory, room), told: [] };
  const { name, file: { values: { ip, port } } } = known;
  const { address: { hostname, port: newPort } } = room;
  const told = ip === hostname && port === newPort
    ? say("you have this room already: {name}", { name })
    : say("you have this room already: {name}; its address is now {address}", {
      name,
      address: formatHostPort(hostname, newPort),
    });
  return { stored: known, told: [told] };
}

/** The options that entering the room takes over. */
function listClientOptions({ values, switches }: CommandLine): string[] {
  return [
    ...["identity", "settings"].flatMap((name) => {
      return values.has(name) ? [`--${name}=${values.get(name)}`] : [];
    }),
    ...switches.has("no-settings") ? ["--no-settings"] : [],
    ...values.has("nick") ? [`--nick=${values.get("nick")}`] : [],
  ];
}

/** How the server is reached: as the command line says, or else the link. */
function listTlsOptions(
  { values, switches }: CommandLine,
  link: Pick<RoomLink, "tls"> | undefined,
): string[] {
  const given = [
    ...["tls-name", "tls-ca"].flatMap((name) => {
      return values.has(name) ? [`--${name}=${values.get(name)}`] : [];
    }),
    ...switches.has("tls") ? [switches.get("tls") ? "--tls" : "--no-tls"] : [],
  ];
  if (!link || switches.has("tls") || values.has("tls-name")) return given;
  return [...given, ...link.tls ? optionsOfTls(link.tls) : ["--no-tls"]];
}

async function readOptions(
  { hostname, port }: Address,
  args: readonly string[],
  { env, os, say }: CommandParts,
): Promise<ClientOptions> {
  const options = await readClientOptions([hostname, `${port}`, ...args], env, os, say);
  if (typeof options === "object" && !options.ephemeral) return options;
  throw new UsageError(
    worded("With --ephemeral nothing is kept, and a room that is joined is"),
    worded("Set CHAT_EPHEMERAL=off for this command."),
  );
}

/** Pins the inviter in the room, and says who it is. */
async function meetInviter(
  joined: Joined,
  state: string | undefined,
  { say, warn }: CommandParts,
): Promise<string> {
  const { keyText, nickname } = joined;
  const { roomId } = await deriveRoomKey(keyText);
  await using pins = await openPins(state, roomId, warn);
  const name = spellPartner(pins, joined, say);
  const isPinned = pinPartner(pins, joined);
  await pins.flush();
  return isPinned
    ? say("{nickname} has let you in, and is verified: {number}", {
      nickname: name,
      number: await describeNumber(joined),
    })
    : say(
      "{nickname} has let you in; the name belongs to another key here: see /verify {nickname}, /trust {nickname}",
      { nickname },
    );
}
