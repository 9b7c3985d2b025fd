/**
 * The user's side of a conversation: a terminal, a pipe or a bot.
 *
 * @module
 */

import type { BellMode, Happening, ShownMessage } from "../client/events.ts";
import type { UserInput } from "./commands.ts";

/** What a conversation calls of the user's side. */
export interface UserInterface {
  /** The number of input lines that could not be read as messages, such as broken JSON. */
  readonly refusedLines: number;
  /**
   * Whether the input waits until it is read, as a script does. A person at a prompt does not wait:
   * what cannot be sent is then refused at once.
   */
  readonly isPatient: boolean;
  /**
   * What the user writes, in batches. The iteration ends when the user leaves. A string is a line
   * that the conversation reads with `parseInput()`.
   */
  inputs(): AsyncIterable<readonly (string | UserInput)[]>;
  /** Shows messages in their order. Their texts come from others, and are not safe yet. */
  show(messages: readonly ShownMessage[]): void | Promise<void>;
  /**
   * Shows what the user wrote. A script, which needs no echo, has no such function.
   *
   * @param messages What was written.
   * @param taken Settles when the relay has it: false if the session ended before.
   */
  showOwn?(messages: readonly ShownMessage[], taken: Promise<boolean>): void | Promise<void>;
  /** Tells what happened. `text` says it in words; undefined if it is not worth a line. */
  happen(event: Happening, text: string | undefined): void | Promise<void>;
  /**
   * Tells what many events came to whose `text` was undefined. A script, which gets each event, has no
   * such function.
   */
  sumUp?(text: string): void;
  /**
   * Shows how far files on their way are, some times a second; undefined when none is any more. A
   * script, which gets events, has no such function.
   */
  progress?(text: string | undefined): void;
  /** Shows an answer to a command, or why something was refused. */
  notify(text: string): void;
  /** Tells why something was refused. Without this function, `notify()` is called. */
  refuse?(reason: string): void;
  /** Shows the nickname that the user has from now on. */
  setNickname(nickname: string): void;
  /** Shows the nickname of the member that texts go to from now on; undefined for the room. */
  setRecipient(nickname: string | undefined): void;
  /** Sets which messages ring the bell. */
  setBell(mode: BellMode): void;
  /** Shows or hides the times of messages. Returns whether they are shown now. */
  toggleTimestamps(): boolean;
  /** Clears the screen. */
  clear(): void;
}
