/**
 * The user's side where it is no terminal: a script, a bot, or one message.
 *
 * @module
 */

import { describeMessage } from "../chat/describe.ts";
import type { Members } from "../chat/members.ts";
import type { UserInterface } from "../chat/user_interface.ts";
import type { ShownMessage } from "../client/events.ts";
import type { MemberRoom } from "../client/room.ts";
import type { Say } from "../messages/phrases.ts";
import { JsonInterface } from "../script/json_interface.ts";
import { JSON_VERSION, type JsonError } from "../script/json_types.ts";
import { Pipe } from "../script/pipe.ts";
import { SingleMessage } from "../script/single_message.ts";
import { formatJsonLine } from "../text/json_text.ts";
import { VERSION } from "../version.ts";

/** What an interface is opened with. */
export interface InterfaceParts {
  /** Whether to read and write JSON. */
  readonly json: boolean;
  /** The one message to send; undefined for a conversation. */
  readonly send: string | undefined;
  /** Standard input: it is not read for one message. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Standard error, line by line. */
  readonly report: (line: string) => void;
  readonly room: MemberRoom;
  readonly members: Members;
  /** The room's key, as people compare it. */
  readonly fingerprint: string;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  readonly say: Say;
}

/** The user's side, and its end. */
export interface OpenInterface {
  readonly user: UserInterface;
  /**
   * To be called once, after the conversation.
   *
   * @param failure What ended it, in words, if something failed.
   * @returns When all is written; it waits for the session to end.
   */
  readonly finish: (failure?: string) => Promise<void>;
}

/**
 * Opens the interface that was asked for.
 *
 * @param parts With what.
 * @throws {Error} What `write` throws.
 */
export async function openInterface(parts: InterfaceParts): Promise<OpenInterface> {
  const { json, send, input, write, report, room, members, formatTime, now, say } = parts;
  if (send !== undefined) {
    return { user: new SingleMessage(send, report), finish: () => Promise.resolve() };
  }
  if (!json) {
    const format = (message: ShownMessage) => describeMessage(message, formatTime, say);
    const user = new Pipe({ input, write, report, format, say });
    return { user, finish: () => Promise.resolve() };
  }
  const { fingerprint } = parts;
  const versions = { version: JSON_VERSION, program: VERSION };
  const user = await JsonInterface.open({
    ...{ input, write, now, say },
    hello: { ...versions, ...room.self, room: fingerprint },
    untilTaken: () => room.untilTaken(),
    members: () => members.list(),
  });
  return { user, finish: (failure) => user.finish(failure) };
}

/**
 * Writes for a bot why there was no conversation.
 *
 * @param failure What failed, in words.
 * @param write Standard output: writes all of the bytes.
 * @param now The clock, in ms since 1970.
 * @throws {Error} What `write` throws.
 */
export async function writeJsonFailure(
  failure: string,
  write: (bytes: Uint8Array) => Promise<void>,
  now: () => number,
): Promise<void> {
  const time = Math.floor(now() / 1000);
  const error: JsonError = { type: "error", time, reason: "fatal", message: failure };
  await write(new TextEncoder().encode(formatJsonLine(error)));
}
