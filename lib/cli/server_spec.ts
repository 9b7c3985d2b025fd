/**
 * The options, arguments and commands of `chat-server`.
 *
 * @module
 */

import { MIB } from "../bytes/units.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { DEFAULT_BACKLOG_LINES, LINE_TIMEOUT_MS, MAX_LOG_BYTES } from "../relay/limits.ts";
import { DEFAULT_MAX_PIPES, DEFAULT_PIPE_BYTES_PER_SECOND } from "../relay/pipes/limits.ts";
import type { LogFormat, LogLevel } from "../relay/watch/event_line.ts";
import { CLUSTER_NAME, CLUSTER_OPTIONS } from "./cluster_options.ts";
import { CLUSTER_SETUP_SPEC } from "./cluster_setup_spec.ts";
import { describeCompletions, describeManual } from "./generate/common_commands.ts";
import { HEALTH_SPEC } from "./health_spec.ts";
import type { ProgramSpec } from "./spec.ts";

/** Default of `--max-clients`. */
export const DEFAULT_MAX_CLIENTS = 100;
/** Largest `--max-clients`: the limit of file descriptors is lower on most machines. */
export const MAX_MAX_CLIENTS = 100_000;
/** Smallest `--max-log`, in MiB: one member's burst would fill a smaller log. */
export const MIN_LOG_MIB = 16;
/** Largest `--max-log`, in MiB. */
export const MAX_LOG_MIB = 1024;
/** Largest `--backlog-lines`: half of the shortest lines that fit the backlog's bytes. */
export const MAX_BACKLOG_LINES = 10_000;
/** Largest `--max-pipes`: each takes two file descriptors, and 128 KiB. */
export const MAX_MAX_PIPES = 1000;
/** Largest `--pipe-rate`, in MiB a second: more than a relay copies. */
export const MAX_PIPE_RATE_MIB = 1024;
/** Largest `--line-timeout`, in seconds. */
export const MAX_LINE_TIMEOUT_SECONDS = 3600;

const LOG_FORMATS: readonly LogFormat[] = ["text", "json"];
const LOG_LEVELS: readonly LogLevel[] = ["error", "warn", "info", "debug"];

/** The command line of `chat-server`. */
export const SERVER_SPEC: ProgramSpec<PlainPhrase> = {
  name: "chat-server",
  summary: "Relays an encrypted group chat. It passes on what it cannot read.",
  args: [
    ["ip", "Where to listen: 127.0.0.1 for this machine, 0.0.0.0 for all networks"],
    ["port", "Port from 1024 to 65535, or 0 for any free one"],
  ],
  options: [
    {
      name: "key",
      short: "k",
      value: "PATH",
      help: "Key file, created if missing",
      isPath: true,
      fallback: "secret.key",
    },
    {
      name: "keyless",
      value: "PATH",
      help: "Run from admission.pub, without the key",
      isPath: true,
    },
    { name: "tls-port", value: "PORT", help: "Serve TLS there too, 0 for any free port" },
    {
      name: "tls-cert",
      value: "PATH",
      help: "Your certificate, for TLS",
      isPath: true,
      otherwise: "the room's own",
    },
    { name: "tls-key", value: "PATH", help: "The private key of your certificate", isPath: true },
    { name: "members-only", help: "Serve nobody who does not prove the key" },
    { name: "no-invites", help: "Let no member invite others by a code" },
    {
      name: "backlog-lines",
      value: "N",
      help: "Last messages that newcomers get, 0 for none",
      range: { min: 0, max: MAX_BACKLOG_LINES },
      fallback: DEFAULT_BACKLOG_LINES,
    },
    {
      name: "backlog-file",
      value: "PATH",
      help: "Keep these messages over a restart",
      isPath: true,
    },
    {
      name: "max-clients",
      value: "N",
      help: "Clients at once",
      range: { min: 1, max: MAX_MAX_CLIENTS },
      fallback: DEFAULT_MAX_CLIENTS,
    },
    {
      name: "max-pipes",
      value: "N",
      help: "Files on their way at once, 0 for none",
      range: { min: 0, max: MAX_MAX_PIPES },
      fallback: DEFAULT_MAX_PIPES,
    },
    {
      name: "pipe-rate",
      value: "MIB",
      help: "Most of one file in a second",
      range: { min: 1, max: MAX_PIPE_RATE_MIB },
      fallback: DEFAULT_PIPE_BYTES_PER_SECOND / MIB,
    },
    { name: "no-rate-limit", help: "Do not slow down clients that send too fast" },
    {
      name: "max-log",
      value: "MIB",
      help: "Memory for lines on their way",
      range: { min: MIN_LOG_MIB, max: MAX_LOG_MIB },
      fallback: MAX_LOG_BYTES / MIB,
    },
    {
      name: "line-timeout",
      value: "SECONDS",
      help: "Longest that one line may take to arrive",
      range: { min: 1, max: MAX_LINE_TIMEOUT_SECONDS },
      fallback: LINE_TIMEOUT_MS / 1000,
    },
    {
      name: "proxy-protocol",
      value: "ADDRS",
      help: "Whose connections begin with a PROXY header",
    },
    { name: "metrics", value: "ADDR", help: "Serve Prometheus, such as at 127.0.0.1:9464" },
    {
      name: "log",
      value: "FORMAT",
      help: "How to log",
      choices: LOG_FORMATS,
      fallback: "text",
    },
    {
      name: "log-level",
      value: "LEVEL",
      help: "What to log",
      choices: LOG_LEVELS,
      fallback: "info",
    },
    { name: "no-log-addresses", help: "Leave clients' addresses out of the log" },
    ...CLUSTER_OPTIONS,
    CLUSTER_NAME,
  ],
  commands: [
    { name: "health", spec: HEALTH_SPEC },
    { name: "cluster-setup", spec: CLUSTER_SETUP_SPEC },
    { name: "completions", spec: describeCompletions("chat-server") },
    { name: "man", spec: describeManual("chat-server") },
  ],
  notes: [],
  helpNotes: [
    "Environment: CHAT_KEY (as --key), NO_COLOR, LANG.",
    "Exit codes: 0 stopped by SIGINT or SIGTERM, 1 failure, 2 wrong usage.",
  ],
};
