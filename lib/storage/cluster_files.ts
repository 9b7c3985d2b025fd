/**
 * Loads the files that a server needs for servers of NATS.
 *
 * @module
 */

import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { explainReadFailure } from "./file_failure.ts";
import { MAX_CLUSTER_FILE_BYTES } from "./limits.ts";
import { readBounded } from "./spoiled_text.ts";

/**
 * Loads a file of text.
 *
 * @param path The file.
 * @param option The option that names it, such as "--cluster-creds PATH".
 * @throws {ChatError} If it cannot be read.
 */
export async function loadClusterFile(path: string, option: string): Promise<string> {
  try {
    const bytes = await readBounded(path, MAX_CLUSTER_FILE_BYTES);
    if (bytes.length > MAX_CLUSTER_FILE_BYTES) {
      throw new ChatError(worded("{path} is too long", { path }));
    }
    return new TextDecoder().decode(bytes);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    if (cause instanceof Deno.errors.NotFound) {
      throw new ChatError(worded("{path}: there is no such file", { path }), { cause });
    }
    const { reason, hint } = explainReadFailure(path, cause, option);
    throw new ChatError(reason, { cause, hint });
  }
}
