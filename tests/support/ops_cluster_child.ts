/**
 * Three servers of NATS from ops/nats.conf as it is, and three relays, all with TLS. It runs in a
 * network where each server has a machine with the name that compose gives it, and prints as JSON what
 * it came to.
 *
 * Arguments: a directory with `secret.key`, `secrets/` and a root for each server; and the address that
 * relays listen on.
 *
 * @module
 */

import { Connection } from "../../lib/cluster/connection.ts";
import { readCredentials } from "../../lib/cluster/servers.ts";
import { namesOf } from "../../lib/cluster/stream_info.ts";
import { within } from "./within.ts";
import { ROOM } from "./member_client.ts";
import { declare } from "./needs.ts";
import { Program, run, startServer } from "./programs.ts";
import { type Finding, Talkers } from "./talkers.ts";

/** What it came to. */
export interface OpsClusterFinding {
  /** What `cluster-setup` said. */
  readonly setup: string;
  /** Servers that have a copy of the stream. */
  readonly copies: number;
  /** What members of all relays got, while a server of NATS was away. */
  readonly talk: Finding;
  /** What users tried that only others may, and were refused. */
  readonly refused: readonly string[];
  /** What became of connections of those who prove nothing. */
  readonly strangers: readonly string[];
}

const LETTERS = ["a", "b", "c"] as const;
const PORTS = { relays: 4222, servers: 6222 };
const ROOM_ID = ROOM.roomId.toHex();
const MEMBERS_PER_RELAY = 2;

/** Starts a server as compose does: root without its powers, with a root that it cannot write. */
const START = `
root=$1; data=$2; shift 2
mount --bind "$root" "$root"
mount -o remount,bind,ro,nosuid,nodev "$root"
mount --bind "$data" "$root/data"
exec chroot "$root" /setpriv --inh-caps=-all --bounding-set=-all --no-new-privs \\
  /usr/local/bin/nats-server "$@"
`;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const [cwd, hostname] = Deno.args as [string, string];
const CA = `${cwd}/secrets/ca.pem`;
const URLS = LETTERS.map((letter) => `tls://nats-${letter}:${PORTS.relays}`).join(",");

function clusterArgs(user: string): string[] {
  const directory = `${cwd}/secrets/${user}`;
  const creds = ["--cluster-creds", `${directory}/relay.creds`];
  return ["--cluster", URLS, ...creds, "--cluster-tls-ca", `${directory}/ca.pem`];
}

async function startNats(letter: string): Promise<Program> {
  const name = `nats-${letter}`;
  await Deno.mkdir(`${cwd}/data/${name}`, { recursive: true });
  const nats = Program.spawn([
    ...["nsenter", `--net=/run/netns/${name}`, "unshare", "--mount", "bash", "-ec", START, "start"],
    ...[`${cwd}/${name}`, `${cwd}/data/${name}`, "--config", "/etc/nats/nats.conf", "--name", name],
  ]);
  await nats.waitFor("stderr", /Server is ready/);
  return nats;
}

async function setUp(): Promise<string> {
  for (let tries = 0;; tries++) {
    const done = await run("server", ["cluster-setup", ...clusterArgs("setup")], { cwd });
    if (done.code === 0) return done.stdout.trim();
    if (tries === 20) throw new Error(done.stderr);
    await pause(500);
  }
}

/** Connects as a user, or as nobody. */
async function connect(user?: string, options: { ca?: string } = { ca: CA }): Promise<{
  connection: Connection;
  denied: string[];
}> {
  const text = user && await Deno.readTextFile(`${cwd}/secrets/${user}/relay.creds`);
  const denied: string[] = [];
  const connection = await Connection.open({
    server: { hostname: "nats-a", port: PORTS.relays, isTls: false, credentials: undefined },
    credentials: text === undefined ? undefined : readCredentials(text),
    ca: options.ca === undefined ? undefined : await Deno.readTextFile(options.ca),
    name: user ?? "stranger",
    onDenied: (what) => denied.push(what),
  });
  return { connection, denied };
}

/** Tries what users may not. */
async function tryRights(): Promise<string[]> {
  const { stream, lines, presence } = namesOf(ROOM_ID);
  const api = "$JS.API";
  const relay = [
    `${lines}.relay-b`,
    `${presence}.relay-b`,
    `_INBOX.relay-b.x`,
    `${api}.STREAM.CREATE.x`,
    `${api}.STREAM.DELETE.${stream}`,
    `${api}.STREAM.PURGE.${stream}`,
    `${api}.STREAM.UPDATE.${stream}`,
    `${api}.STREAM.MSG.GET.${stream}`,
    `${api}.STREAM.SNAPSHOT.${stream}`,
    `${api}.DIRECT.GET.${stream}`,
    `${api}.INFO`,
    "$SYS.REQ.SERVER.PING",
    "elsewhere",
  ];
  const setup = [
    `${lines}.relay-a`,
    `${presence}.relay-a`,
    `${api}.CONSUMER.CREATE.${stream}`,
    `${api}.STREAM.DELETE.${stream}`,
    `${api}.STREAM.MSG.GET.${stream}`,
  ];
  const heard = [`${lines}.*`, ">", "_INBOX.>", "_INBOX.relay-b.>", "$JS.>", "$SYS.>"];
  const found: string[] = [];
  for (const [user, subjects] of [["relay-a", relay], ["setup", setup]] as const) {
    const { connection, denied } = await connect(user);
    for (const subject of subjects) connection.publish(subject, new TextEncoder().encode("{}"));
    const own = user === "setup" ? [`${presence}.*`] : [];
    for (const subject of [...heard, ...own]) connection.subscribe(subject, () => {});
    const wanted = subjects.length + heard.length + own.length;
    while (denied.length < wanted) await pause(20);
    await connection.close();
    found.push(...denied.map((what) => `${user}: ${what}`));
  }
  return found.sort();
}

/** Tries to get in without credentials, without trust, and as a server without a certificate. */
async function tryStrangers(server: Program): Promise<string[]> {
  const found: string[] = [];
  const attempts = [() => connect(), () => connect("relay-a", {})];
  for (const attempt of attempts) {
    found.push(await attempt().then(() => "got in", (error) => `${error.name}: ${error.message}`));
  }
  const caCerts = [await Deno.readTextFile(CA)];
  using _conn = await Deno.connectTls({ hostname: "nats-a", port: PORTS.servers, caCerts });
  const [refusal] = await server.waitFor("stderr", /TLS route handshake error: .*/);
  return [...found, refusal];
}

async function countCopies(): Promise<number> {
  const { connection } = await connect("setup");
  const info = await connection.request(`$JS.API.STREAM.INFO.${namesOf(ROOM_ID).stream}`, {});
  await connection.close();
  const { cluster } = info as { cluster?: { leader?: string; replicas?: unknown[] } };
  return (cluster?.leader ? 1 : 0) + (cluster?.replicas?.length ?? 0);
}

async function talk(nats: Program[]): Promise<Finding> {
  await using stack = new AsyncDisposableStack();
  const ports: number[] = [];
  for (const letter of LETTERS) {
    const args = clusterArgs(`relay-${letter}`);
    const server = await startServer({ cwd, hostname, args });
    stack.use(server);
    ports.push(...Array(MEMBERS_PER_RELAY).fill(server.port));
  }
  using talkers = await Talkers.gather({ ports, hostname, everyMs: 20 });
  talkers.start();
  await pause(1000);
  await nats[1]![Symbol.asyncDispose]();
  await pause(1000);
  nats[1] = await startNats("b");
  await pause(1500);
  talkers.stop();
  await talkers.settle(30);
  return talkers.judge();
}

declare("nats", "unshare", "bash");
const nats = await Promise.all(LETTERS.map(startNats));
try {
  const setup = await setUp();
  const finding: OpsClusterFinding = {
    setup,
    copies: await countCopies(),
    talk: await talk(nats),
    refused: await within(30, () => "something was not refused", tryRights()),
    strangers: await tryStrangers(nats[0]!),
  };
  console.log(JSON.stringify(finding));
} catch (error) {
  for (const each of nats) console.error(each.stderr);
  throw error;
} finally {
  for (const each of nats) await each[Symbol.asyncDispose]();
}
