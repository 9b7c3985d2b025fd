/**
 * Real servers of NATS with JetStream: one alone, or three of a cluster.
 *
 * @module
 */

import { Connection } from "../../lib/cluster/connection.ts";
import { setUpStream } from "../../lib/cluster/setup.ts";
import { namesOf } from "../../lib/cluster/stream_info.ts";
import { ROOM } from "./member_client.ts";
import { Program } from "./programs.ts";
import { findFreePort } from "./streams.ts";

/** The room of the tests, in hex. */
export const ROOM_ID = ROOM.roomId.toHex();

/** How servers are started. */
export interface NatsOptions {
  /** Where their files lie. */
  readonly directory: string;
  /** How many: 1 by default. */
  readonly count?: number;
  /** Lines for the configuration of each: users and the like. */
  readonly config?: string;
  /** Whether the stream of the tests' room is made; true by default. */
  readonly hasStream?: boolean;
}

/** One or more servers. */
export class Nats implements AsyncDisposable {
  readonly ports: readonly number[];
  readonly #directory: string;
  readonly #running = new Map<number, Program>();

  private constructor(directory: string, ports: readonly number[]) {
    this.#directory = directory;
    this.ports = ports;
  }

  /** Starts servers, and waits until they can be used. */
  static async start(options: NatsOptions): Promise<Nats> {
    const { directory, count = 1, config = "", hasStream = true } = options;
    const ports = Array.from({ length: count }, () => findFreePort());
    const routes = ports.map(() => findFreePort());
    const nats = new Nats(directory, ports);
    for (const [i, port] of ports.entries()) {
      const cluster = count === 1 ? "" : `cluster {
  name: c
  listen: "127.0.0.1:${routes[i]}"
  routes: [${routes.map((route) => `"nats://127.0.0.1:${route}"`).join(", ")}]
}`;
      const text = `server_name: n${i}
listen: "127.0.0.1:${port}"
jetstream { store_dir: "${directory}/js${i}", max_mem: 64M, max_file: 1G }
${cluster}
${config}
`;
      await Deno.writeTextFile(`${directory}/nats${i}.conf`, text);
    }
    await Promise.all(ports.map((_, i) => nats.run(i)));
    if (hasStream) await nats.setUp();
    return nats;
  }

  /** What `--cluster` is given. */
  get urls(): string {
    return this.ports.map((port) => `127.0.0.1:${port}`).join(",");
  }

  /** The servers, as the library has them. */
  get servers() {
    return this.ports.map((port) => {
      return { hostname: "127.0.0.1", port, isTls: false, credentials: undefined };
    });
  }

  /** Makes the stream, as soon as the servers can. */
  async setUp(): Promise<void> {
    for (let tried = 0;; tried++) {
      try {
        const replicas = this.ports.length === 1 ? 1 : 3;
        const options = { servers: this.servers, credentials: undefined, ca: undefined };
        await setUpStream({ ...options, roomId: ROOM_ID, replicas });
        return;
      } catch (error) {
        if (tried === 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }

  /** Starts a server, which lay still. */
  async run(i: number): Promise<void> {
    const program = Program.spawn(["nats-server", "-c", `${this.#directory}/nats${i}.conf`]);
    this.#running.set(i, program);
    await program.waitFor("stderr", /Server is ready/);
  }

  /** Sends a signal to a server. */
  signal(i: number, signal: Deno.Signal): void {
    this.#running.get(i)!.child.kill(signal);
  }

  /** Ends a server as a crash does. */
  async kill(i: number): Promise<void> {
    const program = this.#running.get(i)!;
    this.#running.delete(i);
    await program[Symbol.asyncDispose]();
  }

  /** The process of a server. */
  pid(i: number): number {
    return this.#running.get(i)!.child.pid;
  }

  /** What a server has said. */
  log(i: number): string {
    return this.#running.get(i)?.stderr ?? "";
  }

  /** Opens a connection to a server. */
  async connect(i = 0): Promise<Connection> {
    return await Connection.open({
      ...{ server: this.servers[i]!, credentials: undefined, ca: undefined },
      ...{ name: "test", onDenied: () => {} },
    });
  }

  /** The server that leads the stream; undefined while none does. */
  async leader(): Promise<number | undefined> {
    for (const i of this.#running.keys()) {
      try {
        const connection = await this.connect(i);
        try {
          const subject = `$JS.API.STREAM.INFO.${namesOf(ROOM_ID).stream}`;
          const { cluster } = await connection.request(subject, {}) as {
            cluster?: { leader?: string };
          };
          if (cluster?.leader) return Number(cluster.leader.slice(1));
        } finally {
          connection.abandon();
        }
      } catch {
        // This one does not answer: another one may.
      }
    }
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const i of [...this.#running.keys()]) {
      this.signal(i, "SIGCONT");
      await this.kill(i);
    }
  }
}
