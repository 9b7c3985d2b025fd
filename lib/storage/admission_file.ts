/**
 * Loads `admission.pub`: what a relay without the key knows of its room.
 *
 * @module
 * @see docs/PROTOCOL.md, "Derivations"
 */

import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { type Admission, parseAdmission } from "../protocol/admission.ts";
import { MAX_ADMISSION_FILE_BYTES } from "./limits.ts";

const HINT = worded(
  "Make it where secret.key is: chat-client admission --key secret.key > admission.pub",
);

/**
 * Loads an admission file.
 *
 * @param path The file. It holds one line `admission1.<room id>.<public key>`, and may lack the
 * line's ending.
 * @throws {ChatError} If there is no such file, it cannot be read, or it holds anything else.
 */
export async function loadAdmissionFile(path: string): Promise<Admission> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw refuse(worded("{path} is not a file", { path }));
    // A longer file is not read: no valid file is so long.
    const text = size > MAX_ADMISSION_FILE_BYTES ? "" : await Deno.readTextFile(path);
    return parseAdmission(text.replace(/\r?\n$/, ""));
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    throw refuse(findReason(cause, path), { cause, hint: HINT });
  }
}

function refuse(reason: Wording, options?: ErrorOptions & { hint: Wording }): ChatError {
  return new ChatError(worded("Cannot load admission: {reason}", { reason }), options);
}

function findReason(cause: unknown, path: string): Wording {
  if (cause instanceof TypeError) {
    return worded("{path} does not hold admission1.<room id>.<public key>", { path });
  }
  if (cause instanceof Deno.errors.NotFound) {
    return worded("{path}: there is no such file", { path });
  }
  return worded("{path} cannot be read", { path });
}
