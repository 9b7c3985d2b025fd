/**
 * Loads `admission.pub`: what a relay without the key knows of its room.
 *
 * @module
 * @see docs/PROTOCOL.md, "Derivations"
 */

import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { type Admission, parseAdmission } from "../protocol/admission.ts";
import { explainReadFailure } from "./file_failure.ts";
import { MAX_ADMISSION_FILE_BYTES } from "./limits.ts";
import { findSpoiling, isBlank, readBounded } from "./spoiled_text.ts";

const HINT = worded(
  "Make it where secret.key is: chat-client admission --key secret.key > admission.pub",
);

const UTF16_HINT = worded(
  "It is in UTF-16, as > writes it in older versions of PowerShell: there, use | Out-File -Encoding ascii admission.pub",
);

/**
 * Loads an admission file.
 *
 * @param path The file. It holds one line `admission1.<room id>.<public key>`, and may lack the
 * line's ending.
 * @throws {ChatError} If there is no such file, it cannot be read, or it holds anything else.
 */
export async function loadAdmissionFile(path: string): Promise<Admission> {
  let bytes: Uint8Array;
  try {
    const { isFile } = await Deno.stat(path);
    if (!isFile) throw refuse(worded("{path} is not a file", { path }));
    bytes = await readBounded(path, MAX_ADMISSION_FILE_BYTES);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    if (cause instanceof Deno.errors.NotFound) {
      const reason = worded("{path}: there is no such file", { path });
      throw refuse(reason, { cause, hint: HINT });
    }
    const { reason, hint } = explainReadFailure(path, cause, "--keyless PATH");
    throw refuse(reason, { cause, hint });
  }
  try {
    return parseLine(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    const reason = isBlank(bytes)
      ? worded("{path} is empty", { path })
      : worded("{path} does not hold admission1.<room id>.<public key>", { path });
    const spoiled = await findSpoiling(bytes, isLine, UTF16_HINT);
    throw refuse(reason, { cause, hint: spoiled ?? HINT });
  }
}

function parseLine(text: string): Admission {
  return parseAdmission(text.replace(/\r?\n$/, ""));
}

function isLine(text: string): boolean {
  try {
    parseLine(text);
    return true;
  } catch {
    return false; // Why does not matter: it is a guess.
  }
}

function refuse(reason: Wording, options?: ErrorOptions & { hint: Wording }): ChatError {
  return new ChatError(worded("Cannot load admission: {reason}", { reason }), options);
}
