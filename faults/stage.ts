/**
 * Relays of one room, and servers of NATS, for a fault to happen to.
 *
 * @module
 */

import { writeKey } from "../tests/support/member_client.ts";
import { Nats } from "../tests/support/nats.ts";
import { type Server, startServer } from "../tests/support/programs.ts";
import { findFreePort } from "../tests/support/streams.ts";
import { withDirectory } from "../tests/support/temporary.ts";

/** How many there are. */
export interface StageOptions {
  readonly servers: number;
  readonly relays: number;
  /** Further arguments of each relay. */
  readonly args?: readonly string[];
}

/** A running room. */
export class Stage implements AsyncDisposable {
  readonly nats: Nats;
  /** The ports of the relays, which stay when a relay is started again. */
  readonly ports: readonly number[];
  readonly #cwd: string;
  readonly #args: readonly string[];
  readonly #relays = new Map<number, Server>();

  private constructor(nats: Nats, cwd: string, { relays, args = [] }: StageOptions) {
    this.nats = nats;
    this.#cwd = cwd;
    this.#args = args;
    this.ports = Array.from({ length: relays }, () => findFreePort());
  }

  /** Starts all, calls a function, and ends all. */
  static async with<T>(options: StageOptions, fn: (stage: Stage) => Promise<T>): Promise<T> {
    return await withDirectory(async (directory) => {
      await writeKey(directory);
      await using nats = await Nats.start({ directory, count: options.servers });
      await using stage = new Stage(nats, directory, options);
      for (const i of stage.ports.keys()) await stage.startRelay(i);
      return await fn(stage);
    });
  }

  /** The relay in a place. */
  relay(i: number): Server {
    return this.#relays.get(i)!;
  }

  /** Starts the relay in a place. */
  async startRelay(i: number): Promise<void> {
    const args = ["--cluster", this.nats.urls, "--cluster-name", `r${i}`, "--max-clients", "2000"];
    const all = [...args, "--log-level", "warn", ...this.#args];
    this.#relays.set(i, await startServer({ cwd: this.#cwd, port: this.ports[i], args: all }));
  }

  /** Ends the relay in a place as a crash does. */
  async killRelay(i: number): Promise<void> {
    const relay = this.relay(i);
    this.#relays.delete(i);
    await relay[Symbol.asyncDispose]();
  }

  /** Stops the relay in a place, as its operator does. */
  async stopRelay(i: number): Promise<void> {
    const { program } = this.relay(i);
    program.child.kill("SIGTERM");
    await program.finished();
    this.#relays.delete(i);
  }

  /** What relays have said, as far as it is trouble. */
  trouble(): string[] {
    return [...this.#relays.values()].flatMap(({ program }) => {
      return program.stderr.split("\n").filter((line) => /missing|refused entries|was:/.test(line));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const i of [...this.#relays.keys()]) await this.killRelay(i);
  }
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
