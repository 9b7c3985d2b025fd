/**
 * The command line of `chat-server`.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";
import { UsageError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { sayIn } from "../messages/say.ts";
import { worded } from "../messages/wording.ts";
import type { RoomMode } from "../protocol/control.ts";
import type { LogFormat, LogLevel } from "../relay/watch/event_line.ts";
import { type Address, parseHostname, parseListenPort } from "./address.ts";
import { excludeEachOther, parseCommandLine } from "./options.ts";
import { SERVER_SPEC } from "./server_spec.ts";
import { readOption, refuseValue } from "./values.ts";

/** What a server is started with. */
export interface ServerOptions {
  readonly address: Address;
  /** Path of the key file. */
  readonly keyPath: string;
  /** Path of the admission file that takes the key's place; undefined for none. */
  readonly keylessPath: string | undefined;
  /** Whether guests may take part. */
  readonly mode: RoomMode;
  /** Lines of the past that members get. */
  readonly backlogLines: number;
  /** Clients at once. */
  readonly maxClients: number;
  /** Whether clients over their rate are slowed down. */
  readonly rateLimit: boolean;
  /** Bytes that the shared log may hold. */
  readonly maxLogBytes: number;
  /** Time within which a line that was begun must end, in ms. */
  readonly lineTimeoutMs: number;
  /** Where to serve metrics; undefined for nowhere. */
  readonly metrics: Address | undefined;
  readonly log: {
    readonly format: LogFormat;
    /** The least important level that is written. */
    readonly level: LogLevel;
    /** Whether clients' addresses are written. */
    readonly addresses: boolean;
  };
}

/**
 * Reads the command line of `chat-server`.
 *
 * @param args Its arguments, as the shell passed them.
 * @param env Looks up an environment variable.
 * @param say Says the help in the reader's language; English unless it is given.
 * @returns The options; or the text that `--help` or `--version` asks for.
 * @throws {UsageError} If it cannot be understood.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const options = parseServerOptions(["127.0.0.1", "5050"], () => undefined);
 * assert.deepEqual(options, {
 *   address: { hostname: "127.0.0.1", port: 5050 },
 *   keyPath: "secret.key",
 *   keylessPath: undefined,
 *   mode: "open",
 *   backlogLines: 200,
 *   maxClients: 100,
 *   rateLimit: true,
 *   maxLogBytes: 64 * 1024 * 1024,
 *   lineTimeoutMs: 15_000,
 *   metrics: undefined,
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
  const keylessPath = values.get("keyless");
  if (keylessPath !== undefined && values.has("key")) {
    const hint = worded("With --keyless the server never opens a key file: leave --key away.");
    throw new UsageError(excludeEachOther("key", "keyless"), hint);
  }
  return {
    address: { hostname: parseHostname(ip), port: parseListenPort(port) },
    keyPath: values.get("key") ?? (env("CHAT_KEY") || "secret.key"),
    keylessPath,
    mode: switches.has("members-only") ? "members" : "open",
    backlogLines: read("backlog-lines"),
    maxClients: read("max-clients"),
    rateLimit: !switches.has("no-rate-limit"),
    maxLogBytes: read<number>("max-log") * MIB,
    lineTimeoutMs: read<number>("line-timeout") * 1000,
    metrics: metrics === undefined ? undefined : parseMetricsAddress(metrics),
    log: {
      format: read("log"),
      level: read("log-level"),
      addresses: !switches.has("no-log-addresses"),
    },
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
