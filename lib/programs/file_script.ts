/**
 * Opens the user's side of `send-file` and `take`.
 *
 * @module
 */

import type { Members } from "../chat/members.ts";
import type { FileJob } from "../client/files/job.ts";
import type { FileDesk } from "../client/files/desk.ts";
import { FileScript } from "../script/file_script.ts";
import { formatHappening } from "../script/json_output.ts";
import type { Say } from "../messages/phrases.ts";
import { JsonWriter } from "../script/json_writer.ts";
import { sanitize } from "../text/sanitize.ts";
import type { Diagnostics } from "./diagnostics.ts";

/** What {@linkcode openFileScript} reads and calls. */
export interface FileScriptEntry {
  readonly job: FileJob;
  /** Whether a program reads the events. */
  readonly json: boolean;
  readonly members: Members;
  readonly files: FileDesk;
  readonly say: Say;
  /** Standard error. */
  readonly diagnostics: Diagnostics;
  /** Standard output: writes all of the bytes. */
  readonly write: (bytes: Uint8Array) => Promise<void>;
}

/** Begins the row anew, and erases what was in it. */
const ERASE_ROW = "\r\x1b[K";

/** Makes the user's side. The path of a file that came goes to standard output. */
export function openFileScript(entry: FileScriptEntry): FileScript {
  const { job, json, members, files, say, diagnostics, write } = entry;
  const encoder = new TextEncoder();
  const writer = new JsonWriter(write, Date.now);
  const hasTerminal = Deno.stderr.isTerminal() && !json;
  const draw = (text: string) => void diagnostics.write(encoder.encode(ERASE_ROW + text));
  return new FileScript({
    job,
    findMember: (nickname) => {
      const found = members.find(nickname);
      return typeof found === "string" ? found : undefined;
    },
    take: async (number, directory) => void await files.take(number, directory, true),
    describeWait: () => {
      return job.kind === "send" && job.to !== undefined
        ? say("waiting for {nickname} to take the file; Ctrl-C ends it", { nickname: job.to })
        : say("waiting for somebody to take the file; Ctrl-C ends it");
    },
    report: (line) => hasTerminal ? draw(`${line}\n`) : diagnostics.report(line),
    ...hasTerminal ? { showProgress: (text) => draw(sanitize(text ?? "")) } : {},
    ...json ? { onEvent: (event) => writer.write(formatHappening(event, writer.time)) } : {},
    onTaken: async (path) => {
      if (!json) await write(encoder.encode(`${path}\n`));
    },
  });
}
