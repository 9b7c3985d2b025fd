/**
 * The options of a server, from its command line and the environment.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";
import { UsageError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { sayIn } from "../messages/say.ts";
import { worded } from "../messages/wording.ts";
import type { RoomMode } from "../protocol/control.ts";
import type { Network } from "../relay/door/proxies.ts";
import type { LogFormat, LogLevel } from "../relay/watch/event_line.ts";
import { type Address, parseHostname, parseListenPort } from "./address.ts";
import { parseNetworks } from "./networks.ts";
import { type ClusterChoice, readClusterChoice } from "./cluster_options.ts";
import { parseCommandLine } from "./options.ts";
import { SERVER_SPEC } from "./server_spec.ts";
import { readOption, refuseValue } from "./values.ts";
import { excludeEachOther } from "./usage.ts";

/** The options of a server. */
export interface ServerOptions {
  readonly address: Address;
  /** The port for TLS; undefined for none. */
  readonly tls: {
    readonly port: number;
    /** The paths of the operator's certificate and its key; undefined for that of the room. */
    readonly files: { readonly certificate: string; readonly key: string } | undefined;
  } | undefined;
  /** Path of the key file. */
  readonly keyPath: string;
  /** Path of the admission file of a server without the key; undefined for one with the key. */
  readonly keylessPath: string | undefined;
  /** Whether guests may take part. */
  readonly mode: RoomMode;
  /** Whether members may invite others. */
  readonly invites: boolean;
  /** The number of past lines that members get. */
  readonly backlogLines: number;
  /** Path of the file that keeps them over a restart; undefined for none. */
  readonly backlogPath: string | undefined;
  /** The number of clients that may be connected at once. */
  readonly maxClients: number;
  /** The number of pipes that there may be at once. */
  readonly maxPipes: number;
  /** How much may go through one pipe, in bytes a second. */
  readonly pipeBytesPerSecond: number;
  /** Whether clients that send too fast are slowed down. */
  readonly rateLimit: boolean;
  /** The size of the shared log, in bytes. */
  readonly maxLogBytes: number;
  /** Longest time from the beginning of a line to its end, in ms. */
  readonly lineTimeoutMs: number;
  /** Whose connections begin with a PROXY header; undefined for nobody's. */
  readonly proxyNetworks: readonly Network[] | undefined;
  /** The address that metrics are served at; undefined for no metrics. */
  readonly metrics: Address | undefined;
  /** How the server shares the room with others; undefined if it is alone. */
  readonly cluster: ClusterChoice | undefined;
  readonly log: {
    readonly format: LogFormat;
    /** The least important level that is logged. */
    readonly level: LogLevel;
    /** Whether clients' addresses are logged. */
    readonly addresses: boolean;
  };
}

/**
 * Works out the options of a server.
 *
 * @param args The program's arguments, as the shell passed them.
 * @param env Looks up an environment variable: `CHAT_KEY` alone.
 * @param say Says the help in the reader's language. The default is English.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If the command line cannot be understood, has both a key and `--keyless`, or a
 * part of what TLS needs.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = parseServerOptions(["127.0.0.1", "5050"], () => undefined);
 * assert.deepEqual(options, {
 *   address: { hostname: "127.0.0.1", port: 5050 },
 *   tls: undefined,
 *   keyPath: "secret.key",
 *   keylessPath: undefined,
 *   mode: "open",
 *   invites: true,
 *   backlogLines: 200,
 *   backlogPath: undefined,
 *   maxClients: 100,
 *   maxPipes: 16,
 *   pipeBytesPerSecond: 32 * 1024 * 1024,
 *   rateLimit: true,
 *   maxLogBytes: 64 * 1024 * 1024,
 *   lineTimeoutMs: 15_000,
 *   proxyNetworks: undefined,
 *   metrics: undefined,
 *   cluster: undefined,
 *   log: { format: "text", level: "info", addresses: true },
 * });
 * ```
 */
export function parseServerOptions(
  args: readonly string[],
  env: (name: string) => string | undefined,
  say: Say = sayIn("en"),
): ServerOptions | string {
  const line = parseCommandLine(SERVER_SPEC, args, say);
  if (typeof line === "string") return line;
  const { values, switches } = line;
  const read = <T>(name: string) => readOption<T>(SERVER_SPEC, name, values);
  const [ip, port] = line.args as [string, string];
  const metrics = values.get("metrics");
  const proxies = values.get("proxy-protocol");
  const keylessPath = values.get("keyless");
  if (keylessPath !== undefined && values.has("key")) {
    const hint = worded("With --keyless the server never opens a key file: leave --key away.");
    throw new UsageError(excludeEachOther("key", "keyless"), hint);
  }
  const cluster = readClusterChoice(values);
  if (cluster && values.has("backlog-file")) {
    throw new UsageError(
      excludeEachOther("backlog-file", "cluster"),
      worded("The stream of the cluster keeps the backlog: leave --backlog-file away."),
    );
  }
  return {
    address: { hostname: parseHostname(ip), port: parseListenPort(port) },
    tls: readTls(values),
    keyPath: values.get("key") ?? (env("CHAT_KEY") || "secret.key"),
    keylessPath,
    mode: switches.has("members-only") ? "members" : "open",
    invites: !switches.has("no-invites"),
    backlogLines: read("backlog-lines"),
    backlogPath: values.get("backlog-file"),
    maxClients: read("max-clients"),
    maxPipes: read("max-pipes"),
    pipeBytesPerSecond: read<number>("pipe-rate") * MIB,
    rateLimit: !switches.has("no-rate-limit"),
    maxLogBytes: read<number>("max-log") * MIB,
    lineTimeoutMs: read<number>("line-timeout") * 1000,
    proxyNetworks: proxies === undefined ? undefined : parseNetworks("proxy-protocol", proxies),
    metrics: metrics === undefined ? undefined : parseMetricsAddress(metrics),
    cluster,
    log: {
      format: read("log"),
      level: read("log-level"),
      addresses: !switches.has("no-log-addresses"),
    },
  };
}

function readTls(values: ReadonlyMap<string, string>): ServerOptions["tls"] {
  const [port, certificate, key] = ["tls-port", "tls-cert", "tls-key"].map((name) =>
    values.get(name)
  );
  const needs = (name: string, needed: string) =>
    new UsageError(worded("Option --{name} needs --{needed}", { name, needed }));
  if (certificate !== undefined && key === undefined) throw needs("tls-cert", "tls-key");
  if (key !== undefined && certificate === undefined) throw needs("tls-key", "tls-cert");
  if (port === undefined && key !== undefined) throw needs("tls-cert", "tls-port");
  if (port === undefined) return undefined;
  return {
    port: parseListenPort(port),
    files: certificate && key ? { certificate, key } : undefined,
  };
}

function parseMetricsAddress(text: string): Address {
  const [, hostname, port] = /^(\[[^\]]*\]|[^:[\]]+):([^:]+)$/.exec(text) ?? [];
  if (hostname !== undefined && port !== undefined) {
    return { hostname: parseHostname(hostname), port: parseListenPort(port) };
  }
  const hint = worded("Use an address and a port, such as 127.0.0.1:9464 or [::1]:9464.");
  throw refuseValue(worded("Option --{name}", { name: "metrics" }), text, hint);
}
