/**
 * The options of a server that shares a room with others.
 *
 * @module
 */

import type { Credentials, NatsServer } from "../cluster/servers.ts";
import { UsageError } from "../errors.ts";
import type { PlainPhrase } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { type Address, MAX_ADDRESSES, parseConnectPort, parseHostname } from "./address.ts";
import type { OptionSpec } from "./spec.ts";

/** Most copies that a stream can have. */
export const MAX_REPLICAS = 5;
/** The port of a server of NATS whose address has none. */
export const NATS_PORT = 4222;

/** What a server needs to share a room. */
export interface ClusterChoice {
  readonly servers: readonly NatsServer[];
  /** Path of the file of credentials; undefined for what is in the addresses. */
  readonly credsPath: string | undefined;
  /** Path of the certificates of those who vouch for the servers; undefined for the usual ones. */
  readonly caPath: string | undefined;
  /** Name of the relay; undefined for one made at random. */
  readonly name: string | undefined;
}

/** Options about servers of NATS. */
export const CLUSTER_OPTIONS: readonly OptionSpec<PlainPhrase>[] = [
  {
    name: "cluster",
    value: "URLS",
    help: "Share the room with other relays, by NATS",
  },
  {
    name: "cluster-creds",
    value: "PATH",
    help: "Who it is there: .creds, nkey, user:password",
    isPath: true,
  },
  {
    name: "cluster-tls-ca",
    value: "PATH",
    help: "Who vouches for its servers, in PEM",
    isPath: true,
  },
];

/** Names a relay. */
export const CLUSTER_NAME: OptionSpec<PlainPhrase> = {
  name: "cluster-name",
  value: "NAME",
  help: "This relay's name there",
  otherwise: "the user's",
};

const URL_FORM =
  /^(?:(nats|tls):\/\/)?(?:([^:@/]+):([^@/]+)@)?(\[[^\]]*\]|[^:@/[\]]+)(?::([0-9]+))?\/?$/;
const RELAY_NAME = /^[A-Za-z0-9_-]{1,32}$/;

/**
 * Reads the options.
 *
 * @param values The values that `parseCommandLine()` returned.
 * @returns Undefined without `--cluster`.
 * @throws {UsageError} If a value is none, or the others are given without `--cluster`.
 */
export function readClusterChoice(
  values: ReadonlyMap<string, string>,
): ClusterChoice | undefined {
  const text = values.get("cluster");
  if (text === undefined) {
    for (const name of ["cluster-creds", "cluster-tls-ca", "cluster-name"]) {
      if (values.has(name)) {
        throw new UsageError(worded("Option --{name} needs --{other}", { name, other: "cluster" }));
      }
    }
    return undefined;
  }
  const servers = parseNatsServers(text);
  const given = values.get("cluster-name");
  if (given !== undefined && !RELAY_NAME.test(given)) {
    throw new UsageError(
      worded("Not a relay's name: {text}", { text: JSON.stringify(given) }),
      worded("Use up to 32 letters from a to z, digits, - and _."),
    );
  }
  const credsPath = values.get("cluster-creds");
  // The file weighs more than what is in the addresses, and so does its user.
  const user = credsPath === undefined ? userOf(servers[0]!.credentials) : undefined;
  return {
    servers,
    credsPath,
    caPath: values.get("cluster-tls-ca"),
    name: given ?? user,
  };
}

/** The name of a user that can be a relay's name, too; undefined for none. */
export function userOf(credentials: Credentials | undefined): string | undefined {
  if (credentials?.kind !== "user" || !RELAY_NAME.test(credentials.user)) return undefined;
  return credentials.user;
}

/**
 * Reads addresses of servers of NATS, with commas between them.
 *
 * @throws {UsageError} If one of them is none. The error shows no password.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseNatsServers("tls://a.example,[::1]:4223").map(({ port }) => port), [
 *   4222,
 *   4223,
 * ]);
 * ```
 */
export function parseNatsServers(text: string): NatsServer[] {
  const urls = text.split(",");
  if (urls.length > MAX_ADDRESSES) {
    throw new UsageError(worded("More than {most} addresses", { most: MAX_ADDRESSES }));
  }
  return urls.map((url) => parseNatsServer(url.trim()));
}

function parseNatsServer(url: string): NatsServer {
  const [whole, scheme, user, password, host, port] = URL_FORM.exec(url) ?? [];
  if (whole === undefined) throw refuse(url);
  const address: Address = {
    hostname: parseHostname(host!),
    port: port === undefined ? NATS_PORT : parseConnectPort(port),
  };
  const credentials = user === undefined
    ? undefined
    : { kind: "user", user: decode(user, url), password: decode(password!, url) } as const;
  return { ...address, isTls: scheme === "tls", credentials };
}

function decode(text: string, url: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuse(url);
  }
}

function refuse(url: string): UsageError {
  const shown = JSON.stringify(url.replace(/^((?:[a-z]+:\/\/)?)[^/]*@/i, "$1...@"));
  return new UsageError(
    worded("Not a server of NATS: {text}", { text: shown }),
    worded("Use nats://HOST:PORT, or tls://USER:PASSWORD@HOST:PORT; several with commas between."),
  );
}
