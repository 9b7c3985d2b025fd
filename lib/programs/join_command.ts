/**
 * Carries out `chat-client join`.
 *
 * @module
 */

import { type Address, parseConnectPort, parseHostname } from "../cli/address.ts";
import { type ClientOptions, readClientOptions } from "../cli/client_options.ts";
import { nameProgram } from "../cli/guidance.ts";
import { JOIN_SPEC } from "../cli/invite_spec.ts";
import { type CommandLine, parseCommandLine } from "../cli/options.ts";
import { isRoomLink, parseRoomLink, type RoomLink } from "../cli/room_link.ts";
import { missingArgument } from "../cli/usage.ts";
import { join, type Joined } from "../client/pairing/join.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { ChatError, UsageError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { completeCode, type InvitationCode, parseCode } from "../protocol/invitation_code.ts";
import { parseNewRoomName } from "../storage/room_name.ts";
import { expectFreeRoom, storeRoom } from "../storage/rooms.ts";
import { shortenPath } from "../storage/state_paths.ts";
import type { CommandParts } from "./command_parts.ts";
import { openMember } from "./enter_client.ts";
import { openState } from "./home.ts";
import { describeNumber, openPins, pinPartner, spellPartner } from "./inviting.ts";
import { chooseName } from "./name_question.ts";
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
  const { code, ...address } = await readTarget(line, parts);
  const args = listClientOptions(line);
  const options = await readOptions(address, args, parts);
  const state = await openState({ options, env, os, warn });
  const { nickname, keep } = await chooseName(options, args, parts);
  const { id, signing: { privateKey } } = await openMember(options, state, warn);
  const joined = await join({ ...address, code, introduction: { id, nickname, privateKey } });
  const nick = line.values.has("nick") ? nickname : undefined;
  const room = await storeRoom(directory, { name, address, keyText: joined.keyText, nick });
  await keep();
  const inviter = await meetInviter(joined, state, parts);
  const { fingerprint } = joined;
  const path = shortenPath(room.keyPath, env("HOME"));
  const command = `${nameProgram("client", env)} ${room.name}`;
  if (line.switches.has("no-enter")) {
    return [
      inviter,
      say("room: {fingerprint}", { fingerprint }),
      say("its key is kept in {path}", { path }),
      say("enter it with: {command}", { command }),
    ].join("\n");
  }
  report(inviter);
  report(say("from now on you enter it with: {command}", { command }));
  await parts.talk([room.name, `--nick=${nickname}`, ...args]);
}

/** Reads where to go, and the code: from the arguments, or from what the user enters. */
async function readTarget(
  { args: [ip, port, ...words], single }: CommandLine,
  { questions }: CommandParts,
): Promise<RoomLink> {
  if (single !== undefined) {
    if (!isRoomLink(single)) throw missingArgument(JOIN_SPEC, [single]);
    return await parseRoomLink(single);
  }
  if (ip === undefined) return await enter("link: ", questions, parseRoomLink);
  const address = { hostname: parseHostname(ip), port: parseConnectPort(port!) };
  const code = words.length > 0
    ? await parseCode(words.join(" "))
    : await enter("the four words: ", questions, readCode);
  return { ...address, code };
}

/** Reads a code. Who has a link may enter it as a whole. */
async function readCode(text: string): Promise<InvitationCode> {
  return isRoomLink(text) ? (await parseRoomLink(text)).code : await parseCode(text);
}

/** Asks until the answer can be read. Where there is no terminal, there is one answer. */
async function enter<T>(
  question: PlainPhrase,
  questions: CommandParts["questions"],
  read: (text: string) => Promise<T>,
): Promise<T> {
  for (;;) {
    const text = await questions.askWords(question, completeCode);
    if (text === undefined) throw new ChatError(worded("Cannot go on: nothing was entered"));
    try {
      return await read(text);
    } catch (error) {
      if (!(error instanceof UsageError) || !questions.isTerminal) throw error;
      questions.tell(error.wording);
      if (error.advice) questions.tell(error.advice);
    }
  }
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
  const isPinned = await pinPartner(pins, joined);
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
