/**
 * `admission.pub` on disk: what a relay without the key knows of its room.
 *
 * @module
 * @see docs/PROTOCOL.md, "Derivations"
 */

import { ChatError } from "../errors.ts";
import { type Admission, parseAdmission } from "../protocol/admission.ts";
import { MAX_ADMISSION_FILE_BYTES } from "./limits.ts";

const HINT = "Make it where secret.key is: chat-client admission --key secret.key > admission.pub";

/**
 * Loads an admission file.
 *
 * @param path The file: one line `admission1.<room id>.<public key>`, with or without its ending.
 * @returns The room.
 * @throws {ChatError} If it is not a readable file that holds such a line and nothing else.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * await assert.rejects(loadAdmissionFile("no/such/admission.pub"), /there is no such file/);
 * ```
 */
export async function loadAdmissionFile(path: string): Promise<Admission> {
  try {
    const { isFile, size } = await Deno.stat(path);
    if (!isFile) throw new ChatError(`Cannot load admission: ${path} is not a file`);
    // Longer than any such file is not read at all, let alone into memory.
    const text = size > MAX_ADMISSION_FILE_BYTES ? "" : await Deno.readTextFile(path);
    return parseAdmission(text.replace(/\r?\n$/, ""));
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    throw new ChatError(`Cannot load admission: ${explain(cause, path)}`, { cause, hint: HINT });
  }
}

function explain(cause: unknown, path: string): string {
  if (cause instanceof TypeError) return `${path} does not hold admission1.<room id>.<public key>`;
  if (cause instanceof Deno.errors.NotFound) return `${path}: there is no such file`;
  return `${path} cannot be read`;
}
