/**
 * A room of the second form with real programs, whose clocks a test sets.
 *
 * @module
 */

import { dayOf } from "../../lib/crypto/key_chain.ts";
import { importKey } from "../../lib/fernet.ts";
import { formatAdmission } from "../../lib/protocol/admission.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { clockEnv, type SetClock } from "./wrong_clock.ts";
import { makeGeneration, textOf } from "./generations.ts";
import { type Program, type Server, spawn, startServer } from "./programs.ts";

/** The present day. */
export const TODAY: number = dayOf(Date.now() / 1000);

/** A room that has moved on, and the directories of its members. */
export class MovingRoom {
  readonly #directory: string;
  /** The key file's text on the first day: what a member would have kept. */
  readonly text: string;

  private constructor(directory: string, text: string) {
    this.#directory = directory;
    this.text = text;
  }

  /**
   * Makes the files of a room: a key file for each member, and `admission.pub` for the server.
   *
   * @param members Their nicknames.
   * @param day The day of the key file's value: yesterday, unless another one is given.
   */
  static async make(
    directory: string,
    members: readonly string[],
    day: number = TODAY - 1,
  ): Promise<MovingRoom> {
    const text = textOf(await makeGeneration(1, 7, { first: day }));
    for (const name of members) {
      await Deno.mkdir(`${directory}/${name}`, { mode: 0o700 });
      await Deno.writeTextFile(`${directory}/${name}/secret.key`, text, { mode: 0o600 });
    }
    const { roomId, admission: { publicKey } } = await deriveRoomKey(text);
    await Deno.writeTextFile(`${directory}/admission.pub`, formatAdmission({ roomId, publicKey }));
    return new MovingRoom(directory, text);
  }

  /** A member's directory: its key file, and all of its state. */
  placeOf(name: string): string {
    return `${this.#directory}/${name}`;
  }

  /** The day of a member's key file. */
  async dayOf(name: string): Promise<number> {
    const text = await Deno.readTextFile(`${this.placeOf(name)}/secret.key`);
    return Number(text.split(".")[3]);
  }

  /** Starts the server, which has never had the key. */
  async serve(ahead: number, args: readonly string[] = []): Promise<Server> {
    return await startServer({
      cwd: this.#directory,
      env: await clockEnv(ahead),
      args: ["--keyless", "admission.pub", ...args],
    });
  }

  /**
   * Starts a member's client, with `--json`, and waits until it is live.
   *
   * @param clock How far its clock is ahead, in seconds; or a clock that the test sets.
   */
  async enter(
    name: string,
    port: number,
    clock: number | SetClock,
    args: readonly string[] = [],
  ): Promise<Bot> {
    const cwd = this.placeOf(name);
    const clockOf = typeof clock === "number" ? await clockEnv(clock) : await clock.env();
    const env = { ...clockOf, XDG_STATE_HOME: `${cwd}/state` };
    const line = ["127.0.0.1", `${port}`, "--json", "--nick", name, ...args];
    const bot = new Bot(await spawn("client", line, { cwd, env }));
    await bot.waitFor(/"type":"live"/);
    return bot;
  }

  /** Runs `chat-client key --today` for a member, and imports what it prints. */
  async todayKey(name: string, ahead: number) {
    const env = await clockEnv(ahead);
    await using client = await spawn("client", ["key", "--today"], {
      cwd: this.placeOf(name),
      env,
    });
    await client.child.stdin.close();
    const { stdout, stderr, code } = await client.finished();
    if (code !== 0) throw new Error(stderr);
    return await importKey(stdout.trim());
  }
}

/** A client with `--json`. */
export class Bot implements AsyncDisposable {
  readonly program: Program;
  #refs = 0;

  constructor(program: Program) {
    this.program = program;
  }

  /** The texts of the messages that it showed. */
  get texts(): string[] {
    const lines = this.program.stdout.split("\n").slice(0, -1).map((line) => JSON.parse(line));
    return lines.filter(({ type }) => type === "message").map(({ text }) => text);
  }

  /** Writes, and waits until the relay has it. */
  async say(text: string): Promise<void> {
    await this.#do({ type: "message", text });
  }

  /** Writes to one member, and waits until the relay has it. */
  async tell(to: string, text: string): Promise<void> {
    await this.#do({ type: "private", to, text });
  }

  /** Waits for a line of its output. */
  async waitFor(pattern: RegExp): Promise<void> {
    await this.program.waitFor("stdout", pattern);
  }

  /** Waits for a message. */
  async waitForText(text: string): Promise<void> {
    await this.waitFor(new RegExp(`"text":${RegExp.escape(JSON.stringify(text))}.*\n`));
  }

  /** Leaves in order. Fails if it did not end well. */
  async leave(): Promise<void> {
    await this.program.child.stdin.close();
    const { code, stderr } = await this.program.finished();
    if (code !== 0) throw new Error(stderr);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program[Symbol.asyncDispose]();
  }

  async #do(input: Record<string, string>): Promise<void> {
    const ref = ++this.#refs;
    await this.program.write(`${JSON.stringify({ ...input, ref })}\n`);
    await this.waitFor(new RegExp(`"type":"taken".*"ref":${ref}\\b.*\n`));
  }
}
