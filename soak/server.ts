/**
 * The server under test.
 *
 * @module
 */

import { type Build, commandLine, Program, type Server } from "../tests/support/programs.ts";

const ARGS = ["127.0.0.1", "0", "--max-clients", "200", "--no-rate-limit"];
/** How many of them every version of the server knows. */
const OLD_ARGS = 4;

/** A running server, and the arguments it was started with. */
export interface Started {
  readonly server: Server;
  readonly args: readonly string[];
}

/**
 * Starts the server without rates, or with them if it does not know that
 * option; in a process group of its own, so that Ctrl-C does not end it before
 * the clients have left.
 *
 * @param build Which server.
 * @param cwd Its working directory.
 */
export async function startAlone(build: Build, cwd: string): Promise<Started> {
  try {
    return await start(build, cwd, ARGS);
  } catch (error) {
    if (!String(error).includes("Unknown option")) throw error;
    return await start(build, cwd, ARGS.slice(0, OLD_ARGS));
  }
}

async function start(build: Build, cwd: string, args: readonly string[]): Promise<Started> {
  const command = [...await commandLine("server", build), ...args];
  const program = Program.spawn(command, { cwd, env: { NO_COLOR: "1" }, detached: true });
  const [, port] = await program.waitFor("stderr", /^listening on .*:(\d+)$/m);
  const close = () => program[Symbol.asyncDispose]();
  return { server: { program, port: Number(port), [Symbol.asyncDispose]: close }, args };
}
