/**
 * The command line of `chat-server`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import {
  DEFAULT_BACKLOG_LINES,
  DEFAULT_MAX_CLIENTS,
  LINE_TIMEOUT_MS,
  MAX_BACKLOG_LINES,
  MAX_LINE_TIMEOUT_SECONDS,
  MAX_LOG_BYTES,
  MAX_LOG_MIB,
  MAX_MAX_CLIENTS,
  MIN_LOG_MIB,
} from "../limits.ts";
import type { RoomMode } from "../control.ts";
import type { LogFormat, LogLevel } from "../relay/event_line.ts";
import { type Address, parseHostname, parseListenPort } from "./address.ts";
import { parseCommandLine, parseWhole, type ProgramSpec, type Range } from "./options.ts";

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

const MIB = 1024 * 1024;
const MAX_LOG: Range<number> = {
  fallback: MAX_LOG_BYTES / MIB,
  min: MIN_LOG_MIB,
  max: MAX_LOG_MIB,
};
const LINE_TIMEOUT: Range<number> = {
  fallback: LINE_TIMEOUT_MS / 1000,
  min: 1,
  max: MAX_LINE_TIMEOUT_SECONDS,
};
const BACKLOG: Range<number> = { fallback: DEFAULT_BACKLOG_LINES, min: 0, max: MAX_BACKLOG_LINES };
const LOG_FORMATS: readonly LogFormat[] = ["text", "json"];
const LOG_LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** Options, arguments and help of `chat-server`. */
export const SERVER_SPEC: ProgramSpec = {
  name: "chat-server",
  summary: "Relays an encrypted group chat. It passes on what it cannot read.",
  args: [
    ["ip", "Where to listen: 127.0.0.1 for this machine, 0.0.0.0 for all networks"],
    ["port", "Port from 1024 to 65535, or 0 for any free one"],
  ],
  options: [
    { name: "key", short: "k", value: "PATH", help: "Key file, created if missing [secret.key]" },
    { name: "keyless", value: "PATH", help: "Run from admission.pub, without the key" },
    { name: "members-only", help: "Serve nobody who does not prove the key" },
    {
      name: "backlog-lines",
      value: "N",
      help: `Last messages that newcomers get, 0 for none [${BACKLOG.fallback}]`,
    },
    {
      name: "max-clients",
      value: "N",
      help: `Clients at once [${DEFAULT_MAX_CLIENTS}]`,
    },
    { name: "no-rate-limit", help: "Do not slow down clients that send too fast" },
    { name: "max-log", value: "MIB", help: `Memory for lines on their way [${MAX_LOG.fallback}]` },
    {
      name: "line-timeout",
      value: "SECONDS",
      help: `Longest that one line may take to arrive [${LINE_TIMEOUT.fallback}]`,
    },
    { name: "metrics", value: "ADDR", help: "Serve Prometheus, such as at 127.0.0.1:9464" },
    { name: "log", value: "FORMAT", help: "How to log: text or json [text]" },
    { name: "log-level", value: "LEVEL", help: "What to log: error, warn, info or debug [info]" },
    { name: "no-log-addresses", help: "Leave clients' addresses out of the log" },
  ],
  notes: [
    "Environment: CHAT_KEY (as --key), NO_COLOR.",
    "Exit codes: 0 stopped by SIGINT or SIGTERM, 1 failure, 2 wrong usage.",
  ],
};

/**
 * Reads the command line of `chat-server`.
 *
 * @param args Its arguments, as the shell passed them.
 * @param env Looks up an environment variable.
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
): ServerOptions | string {
  const line = parseCommandLine(SERVER_SPEC, args);
  if (typeof line === "string") return line;
  const { values, switches } = line;
  const [ip, port] = line.args as [string, string];
  const metrics = values.get("metrics");
  const keylessPath = values.get("keyless");
  if (keylessPath !== undefined && values.has("key")) {
    const hint = "With --keyless the server never opens a key file: leave --key away.";
    throw new UsageError("Options --key and --keyless exclude each other", hint);
  }
  return {
    address: { hostname: parseHostname(ip), port: parseListenPort(port) },
    keyPath: values.get("key") ?? (env("CHAT_KEY") || "secret.key"),
    keylessPath,
    mode: switches.has("members-only") ? "members" : "open",
    backlogLines: parseWhole("backlog-lines", values, BACKLOG),
    maxClients: parseWhole("max-clients", values, {
      fallback: DEFAULT_MAX_CLIENTS,
      min: 1,
      max: MAX_MAX_CLIENTS,
    }),
    rateLimit: !switches.has("no-rate-limit"),
    maxLogBytes: parseWhole("max-log", values, MAX_LOG) * MIB,
    lineTimeoutMs: parseWhole("line-timeout", values, LINE_TIMEOUT) * 1000,
    metrics: metrics === undefined ? undefined : parseMetricsAddress(metrics),
    log: {
      format: parseChoice("log", values, LOG_FORMATS, "text"),
      level: parseChoice("log-level", values, LOG_LEVELS, "info"),
      addresses: !switches.has("no-log-addresses"),
    },
  };
}

type Values = ReadonlyMap<string, string>;

function parseChoice<T extends string>(
  name: string,
  values: Values,
  choices: readonly T[],
  fallback: T,
): T {
  const text = values.get(name) ?? fallback;
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw refuse(name, text, `Use one of: ${choices.join(", ")}.`);
}

function parseMetricsAddress(text: string): Address {
  const [, hostname, port] = /^(\[[^\]]*\]|[^:[\]]+):([^:]+)$/.exec(text) ?? [];
  if (hostname !== undefined && port !== undefined) {
    return { hostname: parseHostname(hostname), port: parseListenPort(port) };
  }
  const hint = "Use an address and a port, such as 127.0.0.1:9464 or [::1]:9464.";
  throw refuse("metrics", text, hint);
}

function refuse(name: string, text: string, hint: string): UsageError {
  return new UsageError(`Option --${name} cannot be ${JSON.stringify(text)}`, hint);
}
