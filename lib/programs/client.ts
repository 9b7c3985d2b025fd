/**
 * `chat-client`: reads its options and wires its parts.
 *
 * @module
 */

import { setColorEnabled } from "@std/fmt/colors";
import { formatAddress } from "../cli/address.ts";
import { parseClientOptions } from "../cli/client_options.ts";
import { EXIT, exitCodeOf, formatFailure } from "../cli/failure.ts";
import { converse, type UserInterface } from "../client/conversation.ts";
import { Session } from "../client/session.ts";
import { ChatError } from "../errors.ts";
import { importKey } from "../fernet.ts";
import { loadKeyFile } from "../key_file.ts";
import { Pipe } from "../terminal/pipe.ts";
import { writeAll } from "../write_all.ts";

let restoreTerminal = () => {};

/**
 * Runs the client and ends the process.
 *
 * @example
 * ```ts ignore
 * await runClient();
 * ```
 */
export async function runClient(): Promise<never> {
  setColorEnabled(Deno.stderr.isTerminal());
  Deno.addSignalListener("SIGINT", () => leave(EXIT.interrupt));
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => leave(EXIT.terminate));
    Deno.addSignalListener("SIGHUP", () => leave(EXIT.hangup));
  }
  try {
    await main();
  } catch (error) {
    restoreTerminal();
    console.error(formatFailure(error));
    Deno.exit(exitCodeOf(error));
  }
  leave(EXIT.done);
}

async function main(): Promise<void> {
  const options = parseClientOptions(Deno.args, (name) => Deno.env.get(name));
  if (typeof options === "string") return console.log(options);
  const key = await importKey(await loadKey(options.keyPath));
  using session = await Session.connect({ ...options.address, key });
  console.error(`connected to ${formatAddress(options.address)} as ${options.nickname}`);
  await converse(await openUserInterface(options.nickname), session, options);
}

async function loadKey(path: string): Promise<string> {
  try {
    return await loadKeyFile(path, (warning) => console.error(`warning: ${warning}`));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ChatError(`Cannot load key: there is no ${path}`, {
      hint: "Ask who runs the server for secret.key, or name the file with --key PATH.",
    });
  }
}

async function openUserInterface(nickname: string): Promise<UserInterface> {
  if (!Deno.stdin.isTerminal() || !Deno.stdout.isTerminal()) {
    return new Pipe({ input: Deno.stdin.readable, write: writeOutput, report: console.error });
  }
  const { Prompt } = await import("../terminal/prompt.ts");
  const prompt = new Prompt({ text: `<${nickname}> `, onInterrupt: () => leave(EXIT.interrupt) });
  restoreTerminal = () => prompt[Symbol.dispose]();
  return prompt;
}

async function writeOutput(bytes: Uint8Array): Promise<void> {
  try {
    await writeAll(Deno.stdout, bytes);
  } catch (cause) {
    throw new ChatError("Cannot write to standard output", { cause });
  }
}

function leave(code: number): never {
  restoreTerminal();
  Deno.exit(code);
}
