/**
 * The options of `chat-client send-file` and `chat-client take`.
 *
 * @module
 */

import type { FileJob } from "../client/files/job.ts";
import type { Say } from "../messages/phrases.ts";
import { type ClientOptions, clientOptionsOf } from "./client_options.ts";
import { loadSettingsAt, locateSettings } from "./client_settings.ts";
import { SEND_FILE_SPEC, TAKE_SPEC } from "./client_spec.ts";
import { parseCommandLine } from "./options.ts";
import { findRoom } from "./room_choice.ts";
import { readOption } from "./values.ts";

/** The command, and the client that carries it out. */
export interface FileOptions {
  readonly client: ClientOptions;
  readonly job: FileJob;
}

/** The names of the commands. */
export const FILE_COMMANDS = ["send-file", "take"] as const;

/**
 * Reads the command line of one of the two commands.
 *
 * @param args The program's arguments, the command's name first.
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @param say Says the help in the reader's language.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If the command line, a variable or the settings file cannot be understood.
 * @throws {ChatError} If the rooms cannot be read.
 */
export async function readFileOptions(
  [name, ...args]: readonly string[],
  env: (name: string) => string | undefined,
  os: string,
  say: Say,
): Promise<FileOptions | string> {
  const isSend = name === "send-file";
  const spec = isSend ? SEND_FILE_SPEC : TAKE_SPEC;
  const line = parseCommandLine(spec, args, say);
  if (typeof line === "string") return line;
  const { values } = line;
  const seconds = isSend ? readOption<number | undefined>(spec, "for", values) : undefined;
  const file = await loadSettingsAt(locateSettings(line, env, os));
  const address = isSend ? line.args.slice(1) : line.args;
  const room = isSend ? undefined : await findRoom(spec, line, { env, os, file });
  const client = clientOptionsOf({ ...line, args: address }, env, file, room);
  const job: FileJob = isSend
    ? {
      ...{ kind: "send", path: line.args[0]!, to: values.get("to") },
      forMs: seconds === undefined ? undefined : seconds * 1000,
    }
    : { kind: "take", directory: values.get("dir"), from: values.get("from") };
  // It says at once who it is, as files are sealed for it, and wants nothing of the past.
  return { client: { ...client, plain: false, stay: true, backlog: 0 }, job };
}
