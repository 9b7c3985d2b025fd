/**
 * Joins a room that other relays share. What it needs is loaded here, and by nothing else.
 *
 * @module
 */

import { type ClusterChoice, userOf } from "../cli/cluster_options.ts";
import type { ServerOptions } from "../cli/server_options.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Credentials } from "../cluster/servers.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import type { Admission } from "../protocol/admission.ts";
import type { ClusterEvent } from "../relay/watch/events.ts";
import { loadClusterFile } from "../storage/cluster_files.ts";

/** What a relay proves to servers of NATS who it is with, and they to it. */
export interface ClusterSecrets {
  readonly credentials: Credentials | undefined;
  readonly ca: string | undefined;
  /** Name of the relay; undefined for one made at random. */
  readonly name: string | undefined;
}

/**
 * Loads the files that the options name.
 *
 * @throws {ChatError} If one cannot be read, or holds no credentials.
 */
export async function loadClusterSecrets(
  { credsPath, caPath, name }: ClusterChoice,
): Promise<ClusterSecrets> {
  const ca = caPath && await loadClusterFile(caPath, "--cluster-tls-ca PATH");
  if (ca !== undefined && !ca.includes("-----BEGIN CERTIFICATE-----")) {
    throw new ChatError(worded("{path} does not hold a certificate", { path: caPath! }), {
      hint: worded("It must be a certificate in PEM."),
    });
  }
  if (credsPath === undefined) return { credentials: undefined, ca, name };
  const { readCredentials } = await import("../cluster/servers.ts");
  const credentials = readCredentials(await loadClusterFile(credsPath, "--cluster-creds PATH"));
  if (!credentials) {
    throw new ChatError(worded("{path} holds no credentials", { path: credsPath }), {
      hint: worded("It has to be a .creds file, the seed of an nkey, or user:password."),
    });
  }
  return { credentials, ca, name: name ?? userOf(credentials) };
}

/**
 * Makes the relay's part of a cluster, which does not connect yet.
 *
 * @param options `cluster`: the servers. `backlogLines`: how many lines are read back.
 * @param room The room.
 * @throws {ChatError} If a file cannot be read.
 */
export async function openCluster(
  { cluster, backlogLines }: Pick<ServerOptions, "cluster" | "backlogLines">,
  { roomId }: Pick<Admission, "roomId">,
  report: (event: ClusterEvent) => void,
): Promise<Cluster> {
  const { servers } = cluster!;
  const secrets = await loadClusterSecrets(cluster!);
  const { Cluster } = await import("../cluster/cluster.ts");
  return new Cluster({ ...secrets, servers, backlogLines, roomId: roomId.toHex(), report });
}

/**
 * Waits until the relay has caught up with the room.
 *
 * @throws {ChatError} If the servers do not let it in.
 */
export async function startCluster(cluster: Cluster, signal: AbortSignal): Promise<void> {
  try {
    await cluster.start(signal);
  } catch (cause) {
    throw refuseCluster(cause);
  }
}

/** Makes the error about servers of NATS that refuse, or cannot be reached. */
export function refuseCluster(cause: unknown): ChatError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (!(cause instanceof Error && cause.name === "UnauthorizedError")) {
    const hint = /permissions violation/i.test(reason)
      ? worded("Making the stream takes a user of NATS that may do more than a relay.")
      : undefined;
    return new ChatError(worded("Cannot reach the cluster: {reason}", { reason }), { cause, hint });
  }
  return new ChatError(worded("Cannot join the cluster: {reason}", { reason }), {
    cause,
    hint: worded("Check the user and the password, or the file of --cluster-creds."),
  });
}
