/**
 * A conversation: what the user writes goes to the room, what the room writes
 * goes to the user. It knows neither sockets nor terminals.
 *
 * @module
 */

import { format } from "@std/fmt/bytes";
import { ChatError } from "../errors.ts";
import { FINISH_TIMEOUT_MS, MAX_TEXT_BYTES } from "../limits.ts";
import type { RelayError } from "../wire.ts";
import type { SessionEvent } from "./session.ts";

/** The user's side. */
export interface UserInterface {
  /** Lines that were no messages and could not be sent. */
  readonly refusedLines: number;
  /** What the user writes, in batches; ends when the user leaves. */
  inputs(): AsyncIterable<readonly string[]>;
  /** Shows messages, in order; their text comes from others and is not safe yet. */
  show(texts: readonly string[]): void | Promise<void>;
  /** Tells of something that is not a message. */
  notify(text: string): void;
}

/** The room's side, as `Session` implements it. */
export interface Room {
  /** Sends messages, in order; rejects when the connection is gone. */
  send(texts: readonly string[]): Promise<void>;
  /** Says that no more will be sent; the room then ends `events()`. */
  finish(): Promise<void>;
  /** What the room says, until the connection ends. */
  events(): AsyncIterable<readonly SessionEvent[]>;
}

/** Settings of {@linkcode converse}. */
export interface ConversationOptions {
  /** Put before each message, as `<nickname> text`. */
  readonly nickname: string;
  /** Whether to go on listening after the end of the input. */
  readonly stay: boolean;
}

/**
 * Talks until the user leaves or the connection ends.
 *
 * @param user The user's side.
 * @param room The room's side.
 * @param options Nickname, and what to do at the end of the input.
 * @throws {ChatError} If the connection ended before the room had taken all
 * that was written, or a message was too long to be sent.
 * @example
 * ```ts ignore
 * await converse(terminal, session, { nickname: "alice", stay: false });
 * ```
 */
export async function converse(
  user: UserInterface,
  room: Room,
  { nickname, stay }: ConversationOptions,
): Promise<void> {
  const receiving = receive(user, room);
  const sending = send(user, room, nickname, stay);
  let sent: Sent | undefined;
  const leaving = sending.then(async (result) => {
    if (result.isBroken || stay) return await receiving;
    sent = result;
    return await withTimeout(receiving, FINISH_TIMEOUT_MS);
  });
  const refusal = await Promise.race([receiving, leaving]);
  if (refusal) throw explain(refusal);
  if (!sent) throw new ChatError("Connection lost: the server is gone");
  const refused = sent.tooLong + user.refusedLines;
  if (refused > 0) throw new ChatError(`Not everything was sent: ${refused} refused, see above`);
}

function explain({ code, reason }: RelayError): ChatError {
  if (reason === "stopping") {
    return new ChatError("Connection lost: the server is gone", {
      hint: "It was stopped; what you wrote last may be lost.",
    });
  }
  return new ChatError(`Connection closed by the server: ${code} ${reason}`, {
    hint: reason === "full" ? "The room is full; try again later." : undefined,
  });
}

interface Sent {
  /** Messages that were refused. */
  tooLong: number;
  /** Whether the connection ended meanwhile. */
  isBroken: boolean;
}

async function send(
  user: UserInterface,
  room: Room,
  nickname: string,
  stay: boolean,
): Promise<Sent> {
  const sent: Sent = { tooLong: 0, isBroken: false };
  const encoder = new TextEncoder();
  for await (const texts of user.inputs()) {
    const fitting = texts.filter((text) => {
      const bytes = encoder.encode(text).length;
      if (bytes > MAX_TEXT_BYTES) user.notify(describeTooLong(bytes));
      return bytes <= MAX_TEXT_BYTES;
    });
    sent.tooLong += texts.length - fitting.length;
    try {
      await room.send(fitting.map((text) => `<${nickname}> ${text}`));
    } catch {
      // The receiving side knows why, if the server said so.
      return { ...sent, isBroken: true };
    }
  }
  try {
    if (!stay) await room.finish();
  } catch {
    sent.isBroken = true;
  }
  return sent;
}

/** Returns the reason if the server gave one for closing the connection. */
async function receive(user: UserInterface, room: Room): Promise<RelayError | undefined> {
  let unreadable = 0;
  let refusal: RelayError | undefined;
  for await (const events of room.events()) {
    const texts: string[] = [];
    for (const event of events) {
      if (event.kind === "message") texts.push(event.text);
      else if (event.kind === "refused") refusal = event.error;
      else if (isMilestone(++unreadable)) user.notify(describeUnreadable(unreadable));
    }
    if (texts.length > 0) await user.show(texts);
  }
  if (unreadable > 0 && !isMilestone(unreadable)) user.notify(describeUnreadable(unreadable));
  return refusal;
}

/** 1, 10, 100 and so on: a flood is reported in a few lines. */
function isMilestone(count: number): boolean {
  return /^10*$/.test(String(count));
}

function describeUnreadable(count: number): string {
  const subject = count === 1 ? "1 message" : `${count} messages`;
  return `${subject} could not be decrypted: not written with this room's key`;
}

function describeTooLong(bytes: number): string {
  return `not sent: ${bytes} bytes of text (${format(MAX_TEXT_BYTES)} is the most)`;
}

async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ChatError("Cannot finish: the server does not take what was sent"));
  }, ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
