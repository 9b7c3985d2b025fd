/**
 * A conversation: what the user writes goes to the room, what happens in the
 * room goes to the user. It knows neither sockets nor terminals.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { FINISH_NOTICE_MS, FINISH_TIMEOUT_MS } from "../limits.ts";
import { describeHappening, describeMessage, type ShownLine } from "./describe.ts";
import type { Happening, RoomEvent } from "./events.ts";
import type { Members } from "./members.ts";
import type { RosterEntry } from "./roster.ts";
import { Speaker } from "./speaker.ts";

const WAITING = "waiting for the server to take what you wrote; Ctrl-C leaves at once";

/** The user's side. */
export interface UserInterface {
  /** Lines that were no messages and could not be sent. */
  readonly refusedLines: number;
  /** Whether its input waits while it is not read. */
  readonly isPatient: boolean;
  /** What the user writes, in batches; ends when the user leaves. */
  inputs(): AsyncIterable<readonly string[]>;
  /** Shows messages, in order; their text comes from others and is not safe yet. */
  show(lines: readonly ShownLine[]): void | Promise<void>;
  /** Tells of something that is not a message. */
  notify(text: string): void;
  /** Shows under which name the user writes from now on. */
  setNickname(nickname: string): void;
}

/** The room's side, as `Session` implements it. */
export interface Room {
  /** Whether no more can be written for now. */
  readonly isFull: boolean;
  /** Waits until more can be written. */
  untilRoom(): Promise<void>;
  /** Writes messages, in order. */
  write(kind: "chat" | "act", texts: readonly string[]): Promise<void>;
  /** Writes to one member alone; rejects if that is not possible. */
  tell(to: RosterEntry, text: string): Promise<void>;
  /** Goes on under another name. */
  rename(nickname: string): Promise<void>;
  /** Says that no more will be written; `events()` ends when the relay has everything. */
  finish(): Promise<void>;
  /** What happens, until the session ends. */
  events(): AsyncIterable<readonly RoomEvent[]>;
  /** The state of things, for people. */
  status(): string[];
}

/** Settings of {@linkcode converse}. */
export interface ConversationOptions {
  /** Whether to go on listening after the end of the input. */
  readonly stay: boolean;
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  readonly members: Members;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
}

/**
 * Talks until the user leaves or the session ends.
 *
 * @param user The user's side.
 * @param room The room's side.
 * @param options What to do at the end of the input, and with commands.
 * @throws {ChatError} If the session ended before the room had taken all that was written, or
 * something could not be sent.
 * @example
 * ```ts ignore
 * await converse(terminal, session, { stay: false, hasCommands: true, members, formatTime });
 * ```
 */
export async function converse(
  user: UserInterface,
  room: Room,
  options: ConversationOptions,
): Promise<void> {
  const speaker = new Speaker(user, room, options);
  const receiving = receive(user, room, speaker, options.formatTime);
  const leaving = speaker.run().then(async () => {
    if (options.stay && !speaker.hasQuit) return await receiving;
    await room.finish();
    const reminder = setTimeout(() => user.notify(WAITING), FINISH_NOTICE_MS);
    try {
      await withTimeout(receiving, FINISH_TIMEOUT_MS);
    } finally {
      clearTimeout(reminder);
    }
  });
  await Promise.race([receiving, leaving]);
  if (!speaker.isDone) throw new ChatError("Connection lost: the server is gone");
  const refused = speaker.refused + user.refusedLines;
  if (refused > 0) throw new ChatError(`Not everything was sent: ${refused} refused, see above`);
}

async function receive(
  user: UserInterface,
  room: Room,
  speaker: Speaker,
  formatTime: (seconds: number) => string,
): Promise<void> {
  /** Counts that were not told, as they are no round ones. */
  const untold = new Map<string, Happening>();
  try {
    for await (const events of room.events()) {
      let lines: ShownLine[] = [];
      for (const event of events) {
        if (event.kind === "message") {
          lines.push(describeMessage(event, formatTime));
          speaker.note(event);
          continue;
        }
        const text = describeHappening(event);
        if (event.kind === "rejected") {
          if (text === undefined) untold.set(event.reason, event);
          else untold.delete(event.reason);
        }
        if (text === undefined) continue;
        // In the order in which it happened.
        if (lines.length > 0) await user.show(lines);
        lines = [];
        user.notify(text);
      }
      if (lines.length > 0) await user.show(lines);
    }
  } finally {
    for (const event of untold.values()) user.notify(describeHappening(event, true)!);
  }
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
