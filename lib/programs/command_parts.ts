/**
 * What the commands of `chat-client` work with.
 *
 * @module
 */

import type { Say } from "../messages/phrases.ts";
import type { Warn } from "../storage/private_file.ts";
import type { Questions } from "./questions.ts";

/** What a command reads and calls. */
export interface CommandParts {
  /** The program's arguments, the command's name first. */
  readonly args: readonly string[];
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  /** The operating system, as `Deno.build.os` names it. */
  readonly os: string;
  /** Says phrases in the user's language. */
  readonly say: Say;
  /** Loads a room's secret from a file, as `formatRoomSecret()` returns it. */
  readonly loadKey: (path: string) => Promise<string>;
  /** Told of a file that others could read, and that is now private. */
  readonly warn: Warn;
  /** Asks the user. */
  readonly questions: Questions;
  /** Writes a line to standard output. */
  readonly print: (line: string) => Promise<void>;
  /** Writes a line to standard error. */
  readonly report: (line: string) => void;
  /** Columns of the terminal that standard error goes to; undefined if it goes elsewhere. */
  readonly columns: () => number | undefined;
  /** Adds what is to be done before the process ends. */
  readonly before: (farewell: () => Promise<unknown>) => void;
  /**
   * Enters a room, and talks there to the end. What the questions have not read goes to the room.
   *
   * @param args Arguments of `chat-client`.
   */
  readonly talk: (args: readonly string[]) => Promise<void>;
}
