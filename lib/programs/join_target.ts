/**
 * Where `chat-client join` goes, and with which code.
 *
 * @module
 */

import { type Address, parseAddress, parseConnectPort, parseHostname } from "../cli/address.ts";
import { JOIN_SPEC } from "../cli/invite_spec.ts";
import type { CommandLine } from "../cli/options.ts";
import { isRoomLink, parseRoomLink, type RoomLink } from "../cli/room_link.ts";
import { missingArgument } from "../cli/usage.ts";
import { ChatError, UsageError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { completeCode, type InvitationCode, parseCode } from "../protocol/invitation_code.ts";
import type { Questions } from "./questions.ts";

/** Where to go, and with which code. */
export interface JoinTarget extends RoomLink {
  /** Whether a link says all of it, also whether the server is reached over TLS. */
  readonly isLink: boolean;
}

/**
 * Reads the address and the code from the arguments, and asks for what is not there: at a terminal
 * until the answer can be read, and else once.
 *
 * @param line The command line of `chat-client join`.
 * @param questions Asks the user.
 * @throws {UsageError} If something cannot be understood.
 * @throws {ChatError} If nothing was entered.
 */
export async function readTarget(
  { args: [ip, port, ...words], single }: CommandLine,
  questions: Questions,
): Promise<JoinTarget> {
  if (single !== undefined && isRoomLink(single)) {
    return { ...await parseRoomLink(single), isLink: true };
  }
  const given = [single, ip, port, ...words].filter((word) => word !== undefined);
  // Somebody may have the words, and not have been told that the address comes first.
  const first = given.length === 0
    ? await enter("the four words, or a link: ", questions, readCodeOrLink)
    : await parseCode(given.join(" ")).catch(() => undefined);
  if (first && "hostname" in first) return { ...first, isLink: true };
  if (first) {
    return {
      ...await enter("the server's address and port: ", questions, readAddress),
      ...{ code: first, isLink: false },
    };
  }
  if (single !== undefined) throw missingArgument(JOIN_SPEC, [single]);
  const address = { hostname: parseHostname(ip!), port: parseConnectPort(port!) };
  const code = words.length > 0
    ? await parseCode(words.join(" "))
    : await enter("the four words: ", questions, readCode);
  return { ...address, code, isLink: false };
}

/** Reads a code or a link. People paste the whole line that they were told: `join "chatroom://..."`. */
async function readCodeOrLink(text: string): Promise<InvitationCode | RoomLink> {
  const [link] = /chatrooms?:\/\/[^"'<>]*/i.exec(text) ?? [];
  return link === undefined ? await parseCode(text) : await parseRoomLink(link);
}

/** Reads a code. Who has a link may enter it as a whole. */
async function readCode(text: string): Promise<InvitationCode> {
  const entered = await readCodeOrLink(text);
  return "code" in entered ? entered.code : entered;
}

function readAddress(text: string): Promise<Address> {
  return Promise.resolve(parseAddress(text));
}

/** Asks until the answer can be read. Where there is no terminal, there is one answer. */
async function enter<T>(
  question: PlainPhrase,
  questions: Questions,
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
