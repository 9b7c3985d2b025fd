/**
 * A process that works on state files, for tests of processes that race or die.
 *
 * It prints `ready`, and then, for each command on its standard input (a line of
 * JSON), the outcome as a line of JSON.
 *
 * @module
 */

import { FileLock } from "../../lib/storage/file_lock.ts";
import { openIdentity } from "../../lib/storage/identity.ts";
import { SharedFile } from "../../lib/storage/shared_file.ts";
import { collectWarnings } from "./wordings.ts";
import { openWords, WORDS } from "./words.ts";

/** What it is told to do. */
export type Command =
  /** Opens an identity. */
  | { readonly do: "identity"; readonly path: string }
  /** Adds words to a shared file, with a save for each, or as fast as it is touched. */
  | {
    readonly do: "add";
    readonly path: string;
    readonly words: readonly string[];
    readonly by: "save" | "touch";
  }
  /** Touches a shared file that is to be saved in an hour, and does not dispose of it. */
  | { readonly do: "touch"; readonly path: string }
  /** Takes a lock and keeps it. */
  | { readonly do: "hold"; readonly path: string };

/** What became of it. */
export interface Outcome {
  readonly id?: string;
  readonly created?: boolean;
  /** Message and hint of what was thrown. */
  readonly error?: readonly [message: string, hint?: string];
  readonly warnings: readonly string[];
}

async function obey(command: Command): Promise<Outcome> {
  const { warnings, warn } = collectWarnings();
  try {
    switch (command.do) {
      case "identity": {
        const { identity, created } = await openIdentity(command.path, warn);
        return { id: identity.id, created, warnings };
      }
      case "add": {
        await using file = await openWords(command.path, warn);
        for (const word of command.words) {
          file.value.add(word);
          if (command.by === "save") await file.save();
          else file.touch();
          if (command.by === "touch") await new Promise((resolve) => setTimeout(resolve, 1));
        }
        return { warnings };
      }
      case "touch": {
        const options = { maxBytes: 1000, delayMs: 3_600_000, warn };
        (await SharedFile.open(command.path, WORDS, options)).touch();
        return { warnings };
      }
      case "hold":
        await new FileLock(command.path).acquire(1000);
        return { warnings };
    }
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string };
    return { error: [message, hint], warnings };
  }
}

if (import.meta.main) {
  console.log("ready");
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) console.log(JSON.stringify(await obey(JSON.parse(line))));
  }
}
