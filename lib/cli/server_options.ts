/**
 * The command line of `chat-server`.
 *
 * @module
 */

import { UsageError } from "../errors.ts";
import { DEFAULT_MAX_CLIENTS, MAX_MAX_CLIENTS } from "../limits.ts";
import { type Address, parseHostname, parseListenPort } from "./address.ts";
import { parseCommandLine, type ProgramSpec } from "./options.ts";

/** What a server is started with. */
export interface ServerOptions {
  readonly address: Address;
  /** Path of the key file. */
  readonly keyPath: string;
  /** Clients at once. */
  readonly maxClients: number;
}

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
    {
      name: "max-clients",
      value: "N",
      help: `Clients at once [${DEFAULT_MAX_CLIENTS}]`,
    },
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
 *   maxClients: 100,
 * });
 * ```
 */
export function parseServerOptions(
  args: readonly string[],
  env: (name: string) => string | undefined,
): ServerOptions | string {
  const line = parseCommandLine(SERVER_SPEC, args);
  if (typeof line === "string") return line;
  const [ip, port] = line.args as [string, string];
  return {
    address: { hostname: parseHostname(ip), port: parseListenPort(port) },
    keyPath: line.values.get("key") ?? (env("CHAT_KEY") || "secret.key"),
    maxClients: parseCount("max-clients", line.values.get("max-clients"), {
      fallback: DEFAULT_MAX_CLIENTS,
      max: MAX_MAX_CLIENTS,
    }),
  };
}

function parseCount(
  name: string,
  text: string | undefined,
  { fallback, max }: { fallback: number; max: number },
): number {
  if (text === undefined) return fallback;
  const count = Number(text);
  if (/^[0-9]+$/.test(text) && count >= 1 && count <= max) return count;
  throw new UsageError(
    `Option --${name} cannot be ${JSON.stringify(text)}`,
    `Use a whole number from 1 to ${max}.`,
  );
}
