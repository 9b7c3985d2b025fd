/**
 * A conversation: what the user writes goes to the room, and what happens in the room goes to the
 * user. This module knows neither sockets nor terminals.
 *
 * @module
 */

import type { FileDesk } from "../client/files/desk.ts";
import type { Rotator } from "../client/rotation/rotator.ts";
import type { Room } from "../client/room.ts";
import { ChatError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { describeProgress } from "./describe_files.ts";
import { Ignored } from "./ignored.ts";
import { type Keeping, Lastlog } from "./lastlog.ts";
import { FINISH_NOTICE_MS, FINISH_TIMEOUT_MS } from "./limits.ts";
import type { Members } from "./members.ts";
import { Receiver } from "./receiver.ts";
import { InputHandler } from "./input_handler.ts";
import type { UserInterface } from "./user_interface.ts";

/** Settings of {@linkcode converse}. */
export interface ConversationOptions {
  /** Whether the conversation goes on after the end of the input. `/quit` ends it in any case. */
  readonly stay: boolean;
  /** Whether a line that begins with a slash is a command. */
  readonly hasCommands: boolean;
  readonly members: Members;
  /** Says phrases in the user's language. */
  readonly say: Say;
  /** Writes a time given in unix seconds. */
  readonly formatTime: (seconds: number) => string;
  /** The clock, in ms since 1970. */
  readonly now: () => number;
  /**
   * Keeps a nickname for the next start, and returns what to tell the user. Undefined where the user
   * cannot be offered this.
   */
  readonly keepNickname?: (nickname: string) => Promise<string | undefined>;
  /**
   * Opens an invitation, and tells what to do with it and what came of it. Its parameters are for whom
   * it is, "" for anybody, and what shows a line. Undefined for a program that has no commands.
   */
  readonly invite?: (nickname: string, tell: (line: string) => void) => Promise<void>;
  /** Messages that outlive this run; undefined if none do. */
  readonly keeping?: Keeping;
  /** The files of this client; undefined where there are none. */
  readonly files?: FileDesk;
  /** Moves the room on; undefined where that cannot be. */
  readonly rotator?: Rotator;
  /** The fingerprint of the room as it is now. */
  readonly fingerprint?: () => string;
  /** The home directory, for `~/` in paths of files; undefined if there is none. */
  readonly home?: string;
  /** Called with the nickname of each member who writes, for the completion of nicknames. */
  readonly onSpeaker?: (nickname: string) => void;
}

/**
 * Runs a conversation until the user leaves or the session ends.
 *
 * A user who leaves waits until the relay has taken everything that the user wrote: for 10 minutes
 * at most. After 2 s the user is told why.
 *
 * @throws {ChatError} If the session ended before the end of the input, or the relay did not take
 * everything in time.
 * @throws {Error} If the user's side cannot take what happens.
 * @throws {NotSentError} If something was refused.
 */
export async function converse(
  user: UserInterface,
  room: Room,
  options: ConversationOptions,
): Promise<void> {
  const { say } = options;
  const lastlog = new Lastlog(options.keeping);
  const ignored = new Ignored();
  const input = new InputHandler({ user, room, ...options, lastlog, ignored });
  const receiver = new Receiver({ user, room, ...options, lastlog, ignored, input });
  const { promise: untold, reject } = Promise.withResolvers<never>();
  options.files?.listen({
    onEvent: (event) => void receiver.tell(event).catch(reject),
    onProgress: (running) => user.progress?.(describeProgress(running, say)),
  });
  const receiving = receiver.run();
  const leaving = input.run().then(async () => {
    if (options.stay && !input.hasQuit) return await receiving;
    await room.finish({ isHasty: !user.isPatient });
    const waiting = say("waiting for the server to take what you wrote; Ctrl-C leaves at once");
    const reminder = setTimeout(() => user.notify(waiting), FINISH_NOTICE_MS);
    try {
      await withTimeout(receiving, FINISH_TIMEOUT_MS);
    } finally {
      clearTimeout(reminder);
    }
  });
  await Promise.race([receiving, leaving, untold]);
  if (!input.isDone) throw new ChatError(worded("Connection lost: the server is gone"));
  const refused = input.refused + user.refusedLines;
  if (refused > 0) throw new NotSentError(refused);
}

/** Texts or commands of the user were refused. The user was told the reason of each. */
export class NotSentError extends ChatError {
  /** @param refused The number of texts and commands. */
  constructor(refused: number) {
    super(worded("Not everything was sent: {count} refused, see above", { count: refused }));
  }
}

async function withTimeout<T>(promise: Promise<T>, ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    reject(new ChatError(worded("Cannot finish: the server does not take what was sent")));
  }, ms);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
