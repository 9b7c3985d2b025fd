/**
 * A process that opens key files, for tests of processes that race or die.
 *
 * It prints `ready`, and then, for each path on its standard input, the outcome
 * as one line of JSON. Its argument is a umask, in octal, to run under.
 *
 * @module
 */

import { ChatError } from "../../lib/errors.ts";
import { openKeyFile } from "../../lib/storage/key_file.ts";
import { collectWarnings } from "./wordings.ts";

/** What became of one path. */
export interface Outcome {
  /** What `openKeyFile()` returned, unless it threw. */
  opened?: { text: string; created: boolean };
  /** What it threw. */
  error?: { name: string; message: string; hint?: string };
  /** What it warned of. */
  warnings: string[];
}

async function open(path: string): Promise<Outcome> {
  const { warnings, warn } = collectWarnings();
  try {
    return { opened: await openKeyFile(path, warn), warnings };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const { name, message } = error;
    const hint = error instanceof ChatError ? error.hint : undefined;
    return { error: { name, message, hint }, warnings };
  }
}

if (import.meta.main) {
  const [umask] = Deno.args;
  if (umask !== undefined) Deno.umask(parseInt(umask, 8));
  console.log("ready");
  let rest = "";
  for await (const text of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const path of lines) console.log(JSON.stringify(await open(path)));
  }
}
