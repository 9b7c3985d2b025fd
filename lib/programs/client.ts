/**
 * `chat-client`: reads its options and wires its parts.
 *
 * @module
 */

import { setColorEnabled } from "@std/fmt/colors";
import { formatAddress } from "../cli/address.ts";
import type { ClientOptions } from "../cli/client_options.ts";
import { CLIENT_SPEC } from "../cli/client_spec.ts";
import { EXIT, exitCodeOf, formatFailure, formatWarning } from "../cli/failure.ts";
import { converse, type UserInterface } from "../client/conversation.ts";
import { formatLocalTime } from "../client/describe.ts";
import { type Entered, enterRoom } from "../client/enter.ts";
import { Memory } from "../client/memory.ts";
import { ChatError } from "../errors.ts";
import { createIdentity, type Identity, openIdentity } from "../identity.ts";
import { loadKeyFile } from "../key_file.ts";
import {
  DEFAULT_BACKLOG_REQUEST,
  GOODBYE_MS,
  PIPE_RECONNECT_MS,
  TERMINAL_RECONNECT_MS,
} from "../limits.ts";
import { chooseLanguage, sayIn } from "../messages/phrases.ts";
import { Pins } from "../pins.ts";
import { deriveRoomKey } from "../room_key.ts";
import { roomDirectory, stateDirectory } from "../state_paths.ts";
import { Pipe } from "../terminal/pipe.ts";
import { writeAll } from "../write_all.ts";
import { readClientOptions } from "./client_settings.ts";

const env = (name: string) => Deno.env.get(name);
const warn = (warning: string) => console.error(formatWarning(warning, chooseLanguage(env)));

let restoreTerminal = () => {};
/** What is to be done before the process ends, in the order in which it began. */
const farewells: (() => Promise<unknown>)[] = [];

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
  Deno.addSignalListener("SIGINT", () => interrupt(EXIT.interrupt));
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => interrupt(EXIT.terminate));
    Deno.addSignalListener("SIGHUP", () => interrupt(EXIT.hangup));
  }
  try {
    await main();
  } catch (error) {
    if (!isLeaving) {
      restoreTerminal();
      console.error(formatFailure(error, chooseLanguage(env)));
    }
    return await leave(exitCodeOf(error));
  }
  return await leave(EXIT.done);
}

async function main(): Promise<void> {
  const say = sayIn(chooseLanguage(env));
  const { args, build: { os } } = Deno;
  if (CLIENT_SPEC.commands?.some(({ name }) => name === args[0])) {
    const { runClientCommand } = await import("./client_commands.ts");
    return console.log(await runClientCommand({ args, env, os, say, loadKey }));
  }
  const options = await readClientOptions(args, env, os, say);
  if (typeof options === "string") return console.log(options);
  const isTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const { nickname, address } = options;
  const entered = await enter(options, isTerminal);
  console.error(`connected to ${formatAddress(address)} as ${nickname}`);
  const user = await openUserInterface(nickname, isTerminal);
  const { room, members, pins, ownId } = entered;
  if (!options.plain && pins.judge(nickname, ownId) === "changed") {
    user.notify(
      `the name ${nickname} belongs to another key here: others may see you marked. ` +
        "Choose another with --nick, or restore your identity file",
    );
  }
  const { stay, hasCommands } = options;
  await converse(user, room, { stay, hasCommands, members, formatTime: formatLocalTime });
}

async function enter(
  options: ClientOptions,
  isTerminal: boolean,
): Promise<Entered & { readonly pins: Pins; readonly ownId: string }> {
  const keyText = await loadKey(options.keyPath);
  const room = await deriveRoomKey(keyText);
  const state = options.ephemeral ? undefined : stateDirectory(env, Deno.build.os);
  const directory = state && roomDirectory(state, room.roomId);
  const identity = await openMember(options, state);
  const pins = await Pins.open(directory && `${directory}/pins`, warn);
  const memory = await Memory.open(directory, warn);
  farewells.push(() => pins[Symbol.asyncDispose](), () => memory[Symbol.asyncDispose]());
  const isOneShot = !isTerminal && !options.stay;
  const entered = await enterRoom({
    ...options.address,
    ...{ keyText, room, identity, pins, memory },
    nickname: options.nickname,
    isPlain: options.plain,
    backlog: options.backlog ?? (isOneShot ? 0 : DEFAULT_BACKLOG_REQUEST),
    reconnectMs: options.reconnectMs ?? (isTerminal ? TERMINAL_RECONNECT_MS : PIPE_RECONNECT_MS),
  });
  farewells.unshift(() => entered.room.leaveQuickly());
  return { ...entered, pins, ownId: identity.id };
}

async function openMember(options: ClientOptions, state: string | undefined): Promise<Identity> {
  const path = options.identityPath ?? (state && `${state}/identity`);
  if (options.ephemeral || path === undefined) return await createIdentity();
  return (await openIdentity(path, warn)).identity;
}

async function loadKey(path: string): Promise<string> {
  try {
    return await loadKeyFile(path, warn);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ChatError(`Cannot load key: there is no ${path}`, {
      hint: "Ask who runs the server for secret.key, or name the file with --key PATH.",
    });
  }
}

async function openUserInterface(nickname: string, isTerminal: boolean): Promise<UserInterface> {
  if (!isTerminal) {
    return new Pipe({ input: Deno.stdin.readable, write: writeOutput, report: console.error });
  }
  const { Prompt } = await import("../terminal/prompt.ts");
  const prompt = new Prompt({ nickname, onInterrupt: () => interrupt(EXIT.interrupt) });
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

let isLeaving = false;

/** On a signal: the second one ends the process at once. */
function interrupt(code: number): void {
  if (isLeaving) Deno.exit(code);
  leave(code);
}

/** Ends the process, after a moment in which others are told and what is due is saved. */
async function leave(code: number): Promise<never> {
  // What is under way ends while this waits, and has nothing more to say.
  if (isLeaving) return await new Promise<never>(() => {});
  isLeaving = true;
  restoreTerminal();
  const all = farewells.map((farewell) => farewell().catch(() => {}));
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, GOODBYE_MS);
  await Promise.race([Promise.all(all), late]);
  clearTimeout(timer);
  Deno.exit(code);
}
