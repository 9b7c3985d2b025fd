/**
 * Loads `admission.pub`: what a relay without the key knows of its room. If it has the secret line for
 * TLS, it is treated as a secret file.
 *
 * @module
 * @see docs/PROTOCOL.md, "Derivations"
 */

import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { type KeylessRoom, parseKeylessRoom } from "../protocol/admission_file.ts";
import { explainReadFailure } from "./file_failure.ts";
import { MAX_ADMISSION_FILE_BYTES } from "./limits.ts";
import { findOwnUid, FOREIGN_HINT, isForeign } from "./ownership.ts";
import { keepPrivate, type Warn } from "./private_file.ts";
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
 * @param path The file. It holds the line `admission1.<room id>.<public key>`, and may hold a second
 * one, `tls1.<key>`. The last one may lack its ending.
 * @param warn Told of a file that holds a secret, that others could read, and that is now private.
 * @throws {ChatError} If there is no such file, it cannot be read, or it holds anything else; if it
 * holds a secret, and is another user's or cannot be made private.
 */
export async function loadAdmissionFile(path: string, warn: Warn): Promise<KeylessRoom> {
  let bytes: Uint8Array;
  let info: Deno.FileInfo;
  try {
    const { isFile } = await Deno.stat(path);
    if (!isFile) throw refuse(worded("{path} is not a file", { path }));
    using file = await Deno.open(path);
    info = await file.stat();
    bytes = await readBounded(file, MAX_ADMISSION_FILE_BYTES);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    if (cause instanceof Deno.errors.NotFound) {
      const reason = worded("{path}: there is no such file", { path });
      throw refuse(reason, { cause, hint: HINT });
    }
    const { reason, hint } = explainReadFailure(path, cause, "--keyless PATH");
    throw refuse(reason, { cause, hint });
  }
  const room = await parseFile(path, bytes);
  if (!room.tlsSeed) return room;
  if (isForeign(info, await findOwnUid())) {
    throw refuse(worded("{path} belongs to another user", { path }), { hint: FOREIGN_HINT });
  }
  await keepPrivate(path, info.mode, warn, "Cannot load admission: {reason}");
  return room;
}

async function parseFile(path: string, bytes: Uint8Array): Promise<KeylessRoom> {
  try {
    return parseLines(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    const reason = isBlank(bytes)
      ? worded("{path} is empty", { path })
      : worded("{path} does not hold admission1.<room id>.<public key>", { path });
    const spoiled = await findSpoiling(bytes, isOfLines, UTF16_HINT);
    throw refuse(reason, { cause, hint: spoiled ?? HINT });
  }
}

function parseLines(text: string): KeylessRoom {
  return parseKeylessRoom(text.replace(/\r?\n$/, ""));
}

function isOfLines(text: string): boolean {
  try {
    parseLines(text);
    return true;
  } catch {
    return false; // Why does not matter: it is a guess.
  }
}

function refuse(reason: Wording, options?: { cause?: unknown; hint: Wording }): ChatError {
  return new ChatError(worded("Cannot load admission: {reason}", { reason }), options);
}
