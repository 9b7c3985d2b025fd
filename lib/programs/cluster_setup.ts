/**
 * Carries out `chat-server cluster-setup`.
 *
 * @module
 */

import { readClusterChoice } from "../cli/cluster_options.ts";
import { CLUSTER_SETUP_SPEC } from "../cli/cluster_setup_spec.ts";
import { parseCommandLine } from "../cli/options.ts";
import { excludeEachOther } from "../cli/usage.ts";
import { readOption } from "../cli/values.ts";
import type { SetupResult } from "../cluster/setup.ts";
import { ChatError, UsageError } from "../errors.ts";
import type { Say } from "../messages/phrases.ts";
import { worded } from "../messages/wording.ts";
import { loadAdmissionFile } from "../storage/admission_file.ts";
import type { Warn } from "../storage/private_file.ts";
import { deriveRoomKey } from "../crypto/room_key.ts";
import { loadClusterSecrets, refuseCluster } from "./share_room.ts";

/** What {@linkcode runClusterSetup} reads and calls. */
export interface ClusterSetupParts {
  /** The arguments behind `cluster-setup`. */
  readonly args: readonly string[];
  /** Looks up an environment variable. */
  readonly env: (name: string) => string | undefined;
  readonly say: Say;
  /** Loads a key file. */
  readonly loadKey: (path: string) => Promise<string>;
  /** Writes a line to standard error. */
  readonly report: (line: string) => void;
  /** Told of a file with a secret that others could read. */
  readonly warn: Warn;
}

/**
 * Makes the stream of a room, or says what it has to be.
 *
 * @returns The text for standard output.
 * @throws {UsageError} If the command line cannot be understood.
 * @throws {ChatError} If a file cannot be read, or the servers refuse.
 */
export async function runClusterSetup(parts: ClusterSetupParts): Promise<string> {
  const { args, env, say, loadKey, report } = parts;
  const line = parseCommandLine(CLUSTER_SETUP_SPEC, args, say);
  if (typeof line === "string") return line;
  const { values } = line;
  if (values.has("key") && values.has("keyless")) {
    throw new UsageError(excludeEachOther("key", "keyless"));
  }
  const choice = readClusterChoice(values);
  const replicas = readOption<number | undefined>(CLUSTER_SETUP_SPEC, "replicas", values);
  const keyless = values.get("keyless");
  const { roomId } = keyless === undefined
    ? await deriveRoomKey(await loadKey(values.get("key") ?? (env("CHAT_KEY") || "secret.key")))
    : (await loadAdmissionFile(keyless, parts.warn)).admission;
  const room = roomId.toHex();
  if (!choice) {
    const { describePermissions, streamConfig } = await import("../cluster/stream_config.ts");
    report(say("each relay, here relay1, has to be allowed:"));
    report(describePermissions(room, "relay1"));
    return JSON.stringify(streamConfig(room, replicas ?? 3), undefined, 2);
  }
  const { credentials, ca } = await loadClusterSecrets(choice);
  const { setUpStream } = await import("../cluster/setup.ts");
  const name = `chat-${room}`;
  try {
    const { servers } = choice;
    const result = await setUpStream({ servers, credentials, ca, roomId: room, replicas });
    return describeResult(result, name, say);
  } catch (error) {
    throw error instanceof ChatError ? error : refuseCluster(error);
  }
}

function describeResult(result: SetupResult, name: string, say: Say): string {
  if (result.kind === "there") return say("stream {name} is there already", { name });
  if (result.kind === "made") {
    const { replicas: count } = result;
    return count === 1
      ? say("stream {name} is made, with 1 copy", { name })
      : say("stream {name} is made, with {count} copies", { name, count });
  }
  const fields = result.differences.join(", ");
  throw new ChatError(
    worded("Cannot use stream {name}: it differs in {fields}", { name, fields }),
    {
      hint: worded(
        "Change it, or remove it: chat-server cluster-setup without --cluster prints what it has to be.",
      ),
    },
  );
}
