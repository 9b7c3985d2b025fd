/**
 * Chooses the user's side of a conversation without a terminal: a script, a bot, or one message.
 *
 * @module
 */

import { describeMessage } from "../chat/describe.ts";
import type { Members } from "../chat/members.ts";
import type { UserInterface } from "../chat/user_interface.ts";
import type { ShownMessage } from "../client/events.ts";
import type { MemberRoom } from "../client/room.ts";
import type { Mover } from "../client/rotation/mover.ts";
import type { Say } from "../messages/phrases.ts";
import { JsonInterface } from "../script/json_interface.ts";
import { JSON_VERSION, type JsonError } from "../script/json_types.ts";
import { Pipe } from "../script/pipe.ts";
import { SingleMessage } from "../script/single_message.ts";
import { formatJsonLine } from "../text/json_text.ts";
import { VERSION } from "../version.ts";
import { openGate } from "./newest_key.ts";

/** What {@linkcode openInterface} reads and calls. */
export interface InterfaceParts {
  /** Whether input and output are JSON. */
  readonly json: boolean;
  /** Whether the conversation goes on after the end of the input. */
  readonly stay: boolean;
  /** The text of the one message to send; undefined for a conversation. */
  readonly send: string | undefined;
  /** Standard input. It is not read if `send` is given. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
  /** Writes a line to standard error. */
  readonly report: (line: string) => void;
  readonly room: MemberRoom;
  readonly mover: Pick<Mover, "catchUp" | "standing">;
  readonly members: Members;
  /** The fingerprint of the room's key, which people compare. */
  readonly fingerprint: string;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  readonly say: Say;
}

/** The user's side of a conversation, and its end. */
export interface OpenInterface {
  readonly user: UserInterface;
  /**
   * Ends the output. Call it once, after the conversation.
   *
   * @param failure What ended the conversation, in words, if something failed.
   * @returns When all is written. This waits for the end of the session.
   */
  readonly finish: (failure?: string) => Promise<void>;
}

/**
 * Opens the user's side that the options ask for. `send` counts more than `json`.
 *
 * @throws {Error} As `write` throws it.
 */
export async function openInterface(parts: InterfaceParts): Promise<OpenInterface> {
  const { json, send, stay, input, write, report, room, members, formatTime, now, say } = parts;
  // Who only reads on may do so with the old key, and a bot is told of all by events.
  const untilReady = openGate({ ...parts, mayBeOut: send === undefined && (json || stay) });
  if (send !== undefined) {
    const user = new SingleMessage(send, report, untilReady);
    return { user, finish: () => Promise.resolve() };
  }
  if (!json) {
    const format = (message: ShownMessage) => describeMessage(message, formatTime, say);
    const user = new Pipe({ input, write, report, format, say, untilReady });
    return { user, finish: () => Promise.resolve() };
  }
  const { fingerprint } = parts;
  const versions = { version: JSON_VERSION, program: VERSION };
  const user = await JsonInterface.open({
    ...{ input, write, now, say, untilReady },
    hello: { ...versions, ...room.self, room: fingerprint },
    untilTaken: () => room.untilTaken(),
    members: () => members.list(),
  });
  return { user, finish: (failure) => user.finish(failure) };
}

/**
 * Writes for a bot why no conversation began.
 *
 * @param failure What failed, in words.
 * @param write Standard output: writes all of the bytes.
 * @param now The clock, in ms since 1970.
 * @throws {Error} As `write` throws it.
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
