/**
 * Real clients of one room, each with a directory of its own, as people on several machines have.
 *
 * @module
 */

import { type Program, spawn, type SpawnOptions } from "./programs.ts";

/** A client that runs. */
export interface RoomClient {
  readonly program: Program;
  /** Where its key and its state lie. */
  readonly directory: string;
  /** Enters a line, without its ending. */
  readonly enter: (line: string) => Promise<void>;
}

/** How a client starts. */
export interface StartOptions extends Pick<SpawnOptions, "denoFlags" | "wrapper"> {
  /** The member's name by default. */
  readonly nickname?: string;
  readonly args?: readonly string[];
}

/** Starts clients in a directory. */
export class RoomClients {
  readonly #cwd: string;
  readonly #port: number;
  readonly #keyText: string;

  constructor(cwd: string, port: number, keyText: string) {
    this.#cwd = cwd;
    this.#port = port;
    this.#keyText = keyText;
  }

  /** The directory of a member. Its first client there gets the room's first key. */
  async directoryOf(name: string): Promise<string> {
    const directory = `${this.#cwd}/${name}`;
    await Deno.mkdir(directory, { recursive: true });
    const path = `${directory}/secret.key`;
    const isThere = await Deno.stat(path).then(() => true, () => false);
    if (!isThere) await Deno.writeTextFile(path, this.#keyText, { mode: 0o600 });
    return directory;
  }

  /** What a program of a member runs with. */
  async optionsOf(name: string) {
    const cwd = await this.directoryOf(name);
    return { cwd, env: { XDG_STATE_HOME: `${cwd}/state` } };
  }

  /** Starts a client, and waits until it is in the room. */
  async start(
    name: string,
    { nickname = name, args = [], ...how }: StartOptions = {},
  ): Promise<RoomClient> {
    const options = await this.optionsOf(name);
    const all = ["127.0.0.1", `${this.#port}`, "--nick", nickname, "--stay", ...args];
    const program = await spawn("client", all, { ...options, ...how });
    await program.waitFor("stderr", /^connected to /m);
    return {
      program,
      directory: options.cwd,
      enter: (line) => program.write(`${line}\n`),
    };
  }

  /** Has a client leave. */
  async leave({ program }: RoomClient): Promise<void> {
    await program.write("/quit\n");
    await program.finished();
  }

  /** Has each say something, until all have read it: then all know each other. */
  async meet(clients: ReadonlyMap<string, RoomClient>): Promise<void> {
    for (const [name, { enter }] of clients) {
      await enter(`hello from ${name}`);
      for (const [other, { program }] of clients) {
        if (other === name) continue;
        await program.waitFor("stdout", new RegExp(`^<${name}> hello from ${name}$`, "m"));
      }
    }
  }
}
