/**
 * What a client says that is started alone, and cannot tell which room is meant.
 *
 * @module
 */

import { explain } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { listRooms, loadRoom } from "../storage/rooms.ts";
import { roomsDirectory } from "../storage/state_paths.ts";
import { formatHostPort } from "../text/host_port.ts";
import { sanitize } from "../text/sanitize.ts";
import { formatRows } from "./help.ts";

type Env = (name: string) => string | undefined;

/**
 * Says what to do: enter one of the rooms, or, where there is none, how to begin.
 *
 * @param env Looks up an environment variable.
 * @param os The operating system, as `Deno.build.os` names it.
 * @param say Says phrases in the reader's language.
 * @returns Lines without LF.
 * @throws {ChatError} If the directory of the rooms cannot be read.
 */
export async function guide(env: Env, os: string, say: Say): Promise<string[]> {
  const [client, server] = [nameProgram("client", env), nameProgram("server", env)];
  const rooms = await describeRooms(roomsDirectory(env, os), say);
  if (rooms.length > 0) {
    return [say("Which room? {command}", { command: `${client} NAME` }), ...rooms];
  }
  const rows: [string, string][] = [
    [say("with a code from a friend"), `${client} join`],
    [say("with a friend's secret.key"), `${client} rooms add friends <ip> <port>`],
    [say("with a server of your own"), `${server} 0.0.0.0 5050`],
  ];
  return [
    say("You are in no room yet. There are three ways to begin:"),
    ...formatRows(rows),
    say("See {program} --help.", { program: client }),
  ];
}

/**
 * Names a program as its user starts it.
 *
 * @param program Which.
 * @param env Looks up an environment variable. The tasks set one.
 */
export function nameProgram(program: "client" | "server", env: Env): string {
  return `${env("CHAT_TASK") === undefined ? "chat-" : "deno task "}${program}`;
}

/**
 * Describes rooms, a line each: the name, the address, and the nickname.
 *
 * @param directory The directory of the rooms; undefined if there is none.
 * @param say Says phrases in the reader's language.
 * @returns The lines, in alphabetical order. They are safe to show. A room whose settings cannot be
 * read has the reason in its line.
 * @throws {ChatError} If the directory cannot be read.
 */
export async function describeRooms(directory: string | undefined, say: Say): Promise<string[]> {
  if (directory === undefined) return [];
  const rows: [string, string][] = [];
  for (const name of await listRooms(directory)) {
    rows.push([name, await describeRoom(directory, name, say)]);
  }
  return formatRows(rows);
}

async function describeRoom(directory: string, name: string, say: Say): Promise<string> {
  try {
    const { ip, port, nick } = (await loadRoom(directory, name))?.file.values ?? {};
    const isWhole = typeof ip === "string" && typeof port === "number";
    const address = isWhole ? formatHostPort(ip, port) : say("without an address");
    if (typeof nick !== "string") return sanitize(address);
    return sanitize(say("{address} as {nickname}", { address, nickname: nick }));
  } catch (error) {
    return sanitize(explain(error, say));
  }
}
