/**
 * What a conversation asks of the user's side: a terminal, a pipe or a bot.
 *
 * @module
 */

import type { BellMode, Happening, ShownMessage } from "../client/events.ts";
import type { UserInput } from "./commands.ts";

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
