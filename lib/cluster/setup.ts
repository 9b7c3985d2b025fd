/**
 * Making the stream of a room.
 *
 * @module
 */

import { formatHostPort } from "../text/host_port.ts";
import { Connection, UnauthorizedError } from "./connection.ts";
import type { Credentials, NatsServer } from "./servers.ts";
import { findDifferences, streamConfig } from "./stream_config.ts";
import { namesOf, NoStreamError, readInfo } from "./stream_info.ts";

/** What a stream is made with. */
export interface SetupOptions {
  readonly servers: readonly NatsServer[];
  readonly credentials: Credentials | undefined;
  readonly ca: string | undefined;
  /** The room, in hex. */
  readonly roomId: string;
  /** Copies; undefined for 3 where there are 3 servers, and else 1. */
  readonly replicas: number | undefined;
}

/** What has become of it. */
export type SetupResult =
  | { readonly kind: "made"; readonly replicas: number }
  | { readonly kind: "there" }
  /** It is there, and is not as it has to be. */
  | { readonly kind: "other"; readonly differences: readonly string[] };

/** Copies of a stream where there are enough servers. */
const USUAL_REPLICAS = 3;

/**
 * Makes the stream, unless it is there.
 *
 * @throws {Error} If no server can be reached, or it refuses.
 */
export async function setUpStream(options: SetupOptions): Promise<SetupResult> {
  const { servers, credentials, ca, roomId } = options;
  const connection = await openAny(servers, (server) => {
    return Connection.open({ server, credentials, ca, name: "setup", onDenied: () => {} });
  });
  try {
    const { stream } = namesOf(roomId);
    const info = await readInfo(connection, stream).catch((error) => {
      if (error instanceof NoStreamError) return undefined;
      throw error;
    });
    if (info) {
      const differences = findDifferences(roomId, info.config);
      return differences.length > 0 ? { kind: "other", differences } : { kind: "there" };
    }
    return { kind: "made", replicas: await make(connection, stream, options) };
  } finally {
    await connection.close();
  }
}

/** Returns how many copies there are. */
async function make(
  connection: Connection,
  stream: string,
  { roomId, replicas }: SetupOptions,
): Promise<number> {
  let refusal = "";
  for (const copies of replicas === undefined ? [USUAL_REPLICAS, 1] : [replicas]) {
    const config = streamConfig(roomId, copies);
    const answer = await connection.request(`$JS.API.STREAM.CREATE.${stream}`, config);
    const { error } = answer as { error?: { description?: string } };
    if (!error) return copies;
    refusal = String(error.description);
  }
  throw new Error(refusal);
}

async function openAny(
  servers: readonly NatsServer[],
  open: (server: NatsServer) => Promise<Connection>,
): Promise<Connection> {
  let last: unknown;
  for (const server of servers) {
    try {
      return await open(server);
    } catch (error) {
      const place = formatHostPort(server.hostname, server.port);
      last = error instanceof UnauthorizedError
        ? error
        : new Error(`${place}: ${(error as Error).message}`, { cause: error });
    }
  }
  throw last;
}
