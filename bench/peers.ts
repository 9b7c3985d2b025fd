/**
 * The relays that are compared: how each is started and spoken to.
 *
 * @module
 */

import { commandLine } from "../tests/support/programs.ts";
import { freePort, output, ServerProcess } from "./processes.ts";

/** How clients speak to a relay; see bench/generator/dialects.py. */
export type Dialect = "raw" | "nats" | "irc";

/** A relay. */
export interface Peer {
  readonly name: string;
  readonly dialect: Dialect;
  /** Prints its version, on stdout or stderr. */
  readonly versionCommand: readonly string[];
  /** How to get it. */
  readonly install: string;
  /** Idle clients that it was seen to take, and what happened with more. */
  readonly maxClients?: { readonly count: number; readonly otherwise: string };
  /** Rounds of throughput at most, for one so slow that more would fill the whole time. */
  readonly maxStreamRounds?: number;
  /** The command that starts it on a port; it may write files to the directory. */
  command(port: number, directory: string): Promise<readonly string[]>;
}

/** The one that the others are compared with. */
export const OURS = "chat-server";
/** The generator's own relay, which says how fast the generator can be. */
export const BARE = "bare loop";

const OUR_OPTIONS = ["--max-clients", "12000", "--no-rate-limit"];
const BARE_PATH = new URL("generator/bare_relay.py", import.meta.url).pathname;
/** Debian's own Python. */
export const PYTHON = "/usr/bin/python3";

/** Every relay, in the order of the table. */
export async function listPeers(): Promise<readonly Peer[]> {
  return [
    await ourPeer(OURS, "compiled", "deno task compile"),
    await ourPeer("chat-server (deno run)", "source", "https://deno.com"),
    {
      name: "ncat --broker",
      dialect: "raw",
      versionCommand: ["ncat", "--version"],
      install: "apt-get install ncat",
      maxClients: { count: 300, otherwise: "not tried: it aborts at 1,024 open files" },
      command: (port) =>
        Promise.resolve(["ncat", "--broker", "-m", "1000", "-l", "127.0.0.1", `${port}`]),
    },
    {
      name: "nats-server",
      dialect: "nats",
      versionCommand: ["nats-server", "--version"],
      install: "apt-get install nats-server",
      maxStreamRounds: 2,
      command: (port) => Promise.resolve(["nats-server", "-a", "127.0.0.1", "-p", `${port}`]),
    },
    {
      name: "ngircd",
      dialect: "irc",
      versionCommand: ["ngircd", "--version"],
      install: "apt-get install ngircd",
      maxClients: { count: 300, otherwise: "not tried: 500 did not get in within 30 s" },
      maxStreamRounds: 2,
      command: async (port, directory) => {
        await Deno.writeTextFile(`${directory}/ngircd.conf`, ngircdConfig(port));
        return ["ngircd", "-n", "-f", `${directory}/ngircd.conf`];
      },
    },
    {
      name: BARE,
      dialect: "raw",
      versionCommand: [PYTHON, "--version"],
      install: "apt-get install python3",
      command: (port) => Promise.resolve([PYTHON, "-B", BARE_PATH, `${port}`]),
    },
  ];
}

async function ourPeer(name: string, build: "source" | "compiled", install: string): Promise<Peer> {
  const command = await commandLine("server", build);
  return {
    name,
    dialect: "raw",
    versionCommand: [...command, "--version"],
    install,
    command: async (port) => {
      const help = await output([...command, "--help"]) ?? "";
      const known = OUR_OPTIONS.filter((option) =>
        !option.startsWith("-") || help.includes(option)
      );
      return [...command, "127.0.0.1", `${port}`, ...known];
    },
  };
}

/** No flood penalty, no look-ups, no limits, and no ping during a measurement. */
function ngircdConfig(port: number): string {
  return `[Global]
Name = bench.local
Info = bench
Listen = 127.0.0.1
Ports = ${port}
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
[Channel]
Name = #room
MaxUsers = 0
`;
}

/** A relay that runs. */
export interface RunningPeer extends AsyncDisposable {
  readonly peer: Peer;
  readonly port: number;
  readonly pid: number;
  /** Where it keeps its files; removed in the end. */
  readonly directory: string;
}

/** Starts a relay in a directory of its own. */
export async function startPeer(peer: Peer): Promise<RunningPeer> {
  const directory = await Deno.makeTempDir({ prefix: "chat-bench-" });
  const removeDirectory = () => Deno.remove(directory, { recursive: true });
  try {
    const port = freePort();
    const command = await peer.command(port, directory);
    const server = await ServerProcess.start(command, port, directory);
    const stop = () => server[Symbol.asyncDispose]().finally(removeDirectory);
    return { peer, port, pid: server.pid, directory, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await removeDirectory();
    throw error;
  }
}
