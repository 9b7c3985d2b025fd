/**
 * A conversation: what the user writes goes to the room, what happens in the
 * room goes to the user. It knows neither sockets nor terminals.
 *
 * @module
 */

import type { BellMode } from "../choices.ts";
import { ChatError } from "../errors.ts";
import { FINISH_NOTICE_MS, FINISH_TIMEOUT_MS } from "../limits.ts";
import type { Say } from "../messages/phrases.ts";
import type { UserInput } from "./commands.ts";
import type { Happening, RoomEvent, ShownMessage } from "./events.ts";
import { Ignored } from "./ignored.ts";
import { Lastlog } from "./lastlog.ts";
import type { Members } from "./members.ts";
import { Receiver } from "./receiver.ts";
import type { RosterEntry } from "./roster.ts";
import { Speaker } from "./speaker.ts";

/** The user's side. */
export interface UserInterface {
  /** Lines that were no messages and could not be sent. */
  readonly refusedLines: number;
  /** Whether its input waits while it is not read. */
  readonly isPatient: boolean;
  /**
   * What the user writes, in batches; ends when the user leaves. A line is read as
   * `parseInput()` does it, unless this has been done already.
   */
  inputs(): AsyncIterable<readonly (string | UserInput)[]>;
  /** Shows messages, in order; their text comes from others and is not safe yet. */
  show(messages: readonly ShownMessage[]): void | Promise<void>;
  /** Tells what happened; `text` says it, unless it is not worth a line. */
  happen(event: Happening, text: string | undefined): void | Promise<void>;
  /** Tells of something that the user asked for or did wrong. */
  notify(text: string): void;
  /** Tells why something is not done, where that is not told like all else. */
  refuse?(reason: string): void;
  /** Shows under which name the user writes from now on. */
  setNickname(nickname: string): void;
  /** Shows to whom alone the user writes from now on; undefined for all. */
  setRecipient(nickname: string | undefined): void;
  /** Sets when a message rings the bell. */
  setBell(mode: BellMode): void;
  /** Turns the times of messages on or off; tells whether they are on. */
  toggleTimestamps(): boolean;
  /** Clears the screen. */
  clear(): void;
}

/** The room's side, as `MemberRoom` implements it. */
export interface Room {
  /** This member: its Ed25519 key in base64url, and its name. */
  readonly self: { readonly id: string; readonly nickname: string };
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
  /**
   * Tells the others that the user is away, or back where there is no reason.
   *
   * @returns Whether anything changed.
   */
  setAway(reason: string | undefined): Promise<boolean>;
  /**
   * Says that no more will be written; `events()` ends when the relay has everything.
   *
   * @param options `isHasty`: not to wait for a relay that is away and has taken everything.
   */
  finish(options?: { readonly isHasty: boolean }): Promise<void>;
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
  /** Says what the user is told in one language. */
  readonly say: Say;
  /** Says what went wrong, as an error words it, in that language. */
  readonly explain: (message: string) => string;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /** Told of each member who writes, for the completion of nicknames. */
  readonly onSpeaker?: (nickname: string) => void;
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
  const { say } = options;
  const lastlog = new Lastlog();
  const ignored = new Ignored();
  const speaker = new Speaker({ user, room, ...options, lastlog, ignored });
  const receiving = new Receiver({ user, room, ...options, lastlog, ignored, speaker }).run();
  const leaving = speaker.run().then(async () => {
    if (options.stay && !speaker.hasQuit) return await receiving;
    await room.finish({ isHasty: !user.isPatient });
    const waiting = say("waiting for the server to take what you wrote; Ctrl-C leaves at once");
    const reminder = setTimeout(() => user.notify(waiting), FINISH_NOTICE_MS);
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
