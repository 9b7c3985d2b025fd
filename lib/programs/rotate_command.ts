/**
 * Runs `chat-client rotate`: gives a room a new key.
 *
 * @module
 */

import { RotateCommand } from "../chat/rotate_command.ts";
import { type ClientOptions, clientOptionsOf } from "../cli/client_options.ts";
import { loadSettingsAt, locateSettings } from "../cli/client_settings.ts";
import { parseCommandLine } from "../cli/options.ts";
import { findRoom } from "../cli/room_choice.ts";
import { ROTATE_SPEC } from "../cli/rotate_spec.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { ChatError, UsageError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { foldNickname } from "../protocol/nickname.ts";
import type { CommandParts } from "./command_parts.ts";
import { type ClientRoom, enterAsClient, openMember } from "./enter_client.ts";
import { openState } from "./home.ts";
import { openPins } from "./inviting.ts";
import { openRoomKey } from "./load_key.ts";

/** Past messages that it asks for: a rotation that it missed is among them. */
const ROTATE_BACKLOG = 200;
/** Answers that mean yes, in English and French. */
const AGREED = /^(?:y|yes|o|oui)$/i;

/**
 * Runs the command.
 *
 * @param parts The arguments begin with `rotate`.
 * @returns The help, if it was asked for; else undefined.
 * @throws {UsageError} If the arguments or the settings cannot be understood, or there is nobody to be
 * asked.
 * @throws {ChatError} If the room cannot be moved on.
 */
export async function runRotate(parts: CommandParts): Promise<string | undefined> {
  const { env, os, say, warn, report, questions, before } = parts;
  const line = parseCommandLine(ROTATE_SPEC, parts.args.slice(1), say);
  if (typeof line === "string") return line;
  const isSure = line.switches.get("yes") === true;
  if (!isSure && !questions.isTerminal) {
    throw new UsageError(worded("Cannot move the room on without a question: add --yes"));
  }
  const file = await loadSettingsAt(locateSettings(line, env, os));
  const named = await findRoom(ROTATE_SPEC, line, { env, os, file });
  const options = clientOptionsOf(line, env, file, named);
  const key = await openRoomKey(options.keyPath, warn);
  const state = await openState({ options, env, os, warn });
  const nickname = await chooseNickname(options, key.keyText, state, parts);
  const entered = await enterAsClient({
    options: { ...options, plain: false, stay: true, json: false, backlog: ROTATE_BACKLOG },
    ...{ ...key, nickname, state, say, warn, before },
    ...{ isTerminal: false, isScript: true, isOffering: false, downloads: undefined },
  });
  const { room, members, rotator, keys } = entered;
  const rotating = new RotateCommand({
    ...{ user: { isPatient: true, notify: report }, members, rotator, say, ownId: room.self.id },
    fingerprint: () => keys.fingerprint,
    monotonic: () => performance.now(),
    reject: report,
  });
  const reading = readEvents(entered, rotating);
  await rotator.gather();
  const without = rotating.find(line.lists?.get("without") ?? []);
  if (typeof without === "string") {
    throw new ChatError(worded("Cannot move the room on: {reason}", { reason: without }));
  }
  await rotator.check();
  for (const text of await rotating.describe(rotator.plan(without))) report(text);
  if (!isSure && !AGREED.test(await questions.ask(worded("Move the room on? (y/n) ")) ?? "")) {
    report(say("the room stays with its key"));
  } else await rotating.carryOut(without);
  await room.finish();
  await reading;
  return undefined;
}

/** The name that is pinned to this member's key, unless the user has chosen one. */
async function chooseNickname(
  options: ClientOptions,
  keyText: string,
  state: string | undefined,
  { warn }: CommandParts,
): Promise<string> {
  const { nickname, isNicknameChosen } = options;
  if (isNicknameChosen) return nickname;
  const { roomId } = await deriveRoomKey(keyText);
  const { id } = await openMember(options, state, warn);
  await using pins = await openPins(state, roomId, warn);
  const known = pins.nicknameOf(id);
  return known === undefined || pins.peek(nickname) === id || known === foldNickname(nickname)
    ? nickname
    : known;
}

/** Reads what happens, so that the relay is not kept waiting. */
async function readEvents({ room }: ClientRoom, rotating: RotateCommand): Promise<void> {
  for await (const events of room.events()) {
    for (const event of events) if (event.kind === "message") rotating.note(event);
  }
}
