/**
 * Carries out `chat-client invite`.
 *
 * @module
 */

import { getColorEnabled } from "@std/fmt/colors";
import { readClientOptions } from "../cli/client_options.ts";
import { INVITE_SPEC } from "../cli/invite_spec.ts";
import { parseCommandLine } from "../cli/options.ts";
import { KeyRing } from "../client/keys/key_ring.ts";
import { Present } from "../client/keys/present.ts";
import { invite } from "../client/pairing/invite.ts";
import { Relays } from "../client/relays.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { formatCode } from "../protocol/invitation_code.ts";
import { KeyStore } from "../storage/key_store.ts";
import type { CommandParts } from "./command_parts.ts";
import { openMember } from "./enter_client.ts";
import { openState } from "./home.ts";
import { countMinutes, Inviting, noteInvited, openPins } from "./inviting.ts";
import { openSecure } from "./secure_link.ts";
import { chooseName } from "./name_question.ts";

/**
 * Runs `chat-client invite`. The code goes to standard output, all else to standard error.
 *
 * @param parts The arguments begin with `invite`.
 * @returns The help, if it was asked for.
 * @throws {UsageError} If the arguments or the settings cannot be understood.
 * @throws {InviteError} If nobody came, or something went wrong.
 * @throws {ChatError} If the server cannot be reached, or a file cannot be used.
 */
export async function runInvite(parts: CommandParts): Promise<string | undefined> {
  const { env, os, say, warn, report } = parts;
  const given = parts.args.slice(1);
  const help = parseCommandLine(INVITE_SPEC, given, say);
  if (typeof help === "string") return help;
  const hasDrawing = help.switches.has("qr");
  const args = given.filter((arg) => arg !== "--qr");
  const options = await readClientOptions(args, env, os, say);
  if (typeof options === "string") return options;
  const keyText = await parts.loadKey(options.keyPath);
  const room = await deriveRoomKey(keyText);
  const monotonic = () => performance.now();
  const present = new Present({ now: Date.now, monotonic });
  const keys = await KeyRing.open(keyText, {
    store: KeyStore.inMemory(),
    ...{ present, monotonic, warn },
  });
  const state = await openState({ options, env, os, warn });
  const { id, signing: { privateKey } } = await openMember(options, state, warn);
  const { nickname, keep } = await chooseName(options, args, id, parts);
  await using pins = await openPins(state, room.roomId, warn);
  pins.judge(nickname, id);
  const introduce = () => ({ id, nickname, privateKey });
  // Its connection ends by itself, when its last line is written.
  const relays = new Relays([options.address, ...options.others]);
  const { tls } = options;
  const secure = await openSecure(tls, { keyText, roomId: room.roomId });
  const invitation = await relays.connect((each) => {
    return invite({
      ...{ ...each, secure, room, introduce },
      handover: () => keys.handover(),
      onWelcome: (time) => present.noteRelay(time),
    });
  });
  parts.before(() => {
    invitation.withdraw();
    return invitation.joined.catch(() => {});
  });
  await keep();
  await parts.print(formatCode(invitation.code));
  const keyPath = options.room ? undefined : options.keyPath;
  const inviting = new Inviting({ relays, tls, pins, keyPath, env, say, columns: parts.columns });
  const minutes = countMinutes(invitation);
  report(say("this code is for one person, for {minutes} minutes", { minutes }));
  for (const line of [inviting.explainLink(invitation), ...inviting.explain()]) report(line);
  if (hasDrawing) {
    for (const line of await inviting.draw(invitation, getColorEnabled())) report(line);
  }
  report(say("waiting for them; Ctrl-C withdraws the code"));
  const joiner = await invitation.joined;
  await noteInvited({ state, roomId: room.roomId, warn }, keys.current, joiner.id);
  const told = await inviting.welcome(joiner);
  for (const line of [told, ...inviting.advise()]) report(line);
}
