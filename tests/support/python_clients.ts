/**
 * The Python clients of docs/clients, as running programs.
 *
 * @module
 */

import { type Program, ROOT } from "./programs.ts";
import { spawnPython } from "./python.ts";

/** Where the clients lie in the project. */
export const CLIENTS = "docs/clients";

/** Starts the member's client; secret.key is the one in `cwd`. */
export function spawnMember(
  { port, cwd, nickname = "py", texts = [] }: {
    readonly port: number;
    readonly cwd: string;
    readonly nickname?: string;
    /** What it sends, instead of its standard input. */
    readonly texts?: readonly string[];
  },
): Program {
  const args = [`${ROOT}${CLIENTS}/member_client.py`, "127.0.0.1", `${port}`, nickname, ...texts];
  return spawnPython(args, { cwd });
}

/** Starts the client that joins; it reads the code from its standard input. */
export function spawnJoiner(
  { hostname, port, nickname }: {
    readonly hostname: string;
    readonly port: number;
    readonly nickname: string;
  },
): Program {
  return spawnPython([`${ROOT}${CLIENTS}/join_room.py`, hostname, `${port}`, nickname]);
}

/** Starts the simple client, with its port put in. */
export async function spawnSimple(port: number, cwd: string): Promise<Program> {
  const code = await Deno.readTextFile(`${ROOT}${CLIENTS}/simple_client.py`);
  return spawnPython(["-c", code.replace("5050", `${port}`)], { cwd });
}
