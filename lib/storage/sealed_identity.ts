/**
 * An identity on its way to another machine: a file of one line, sealed with a passphrase.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import {
  MAX_SCRYPT_COST,
  MIN_SCRYPT_COST,
  openText,
  parseSealed,
  SALT_CHARS,
  type SealedFault,
  type SealedText,
  sealText,
} from "../crypto/sealed_text.ts";
import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { explainReadFailure, explainWriteFailure } from "./file_failure.ts";
import { type Identity, loadIdentityText, parseIdentity } from "./identity.ts";
import { MAX_SEALED_IDENTITY_BYTES } from "./limits.ts";
import { createPrivateFile, directoryOf, makePrivateDirectory, type Warn } from "./private_file.ts";
import { readBounded } from "./spoiled_text.ts";

const EXPORT = "Cannot export identity: {reason}";
const IMPORT = "Cannot import identity: {reason}";
const MAKE_HINT = worded("Make it where your identity is: chat-client identity export PATH");
const NEWER_HINT = worded("Use that version of chat-client here, too.");
/** Bytes of the sealed part: a nonce, the line of an identity, and a tag. */
const SEALED_BYTES = 12 + 98 + 16;
const TAKEN_HINT = worded(
  "It is never written over. Move it away only if you mean to be the other identity from now on.",
);

/**
 * Seals an identity.
 *
 * @param path The identity file.
 * @param passphrase What it is sealed with, as `sealText()` takes it.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns One line, without LF.
 * @throws {ChatError} If there is no identity, or it cannot be read.
 */
export async function sealIdentity(path: string, passphrase: string, warn: Warn): Promise<string> {
  return await sealText(await loadIdentityText(path, warn), passphrase);
}

/**
 * Writes a sealed identity to a new file of mode 0600.
 *
 * @param path The file. Its directory must exist.
 * @param line From {@linkcode sealIdentity}.
 * @throws {ChatError} If there is something at the path, or the file cannot be written.
 */
export async function writeSealedIdentity(path: string, line: string): Promise<void> {
  try {
    if (await createPrivateFile(path, `${line}\n`)) return;
  } catch (cause) {
    const { reason } = explainWriteFailure(path, cause, "PATH");
    throw new ChatError(worded(EXPORT, { reason }), { cause });
  }
  throw refuseTaken(EXPORT, path);
}

/**
 * Reads a sealed identity.
 *
 * @param path The file.
 * @throws {ChatError} If it cannot be read, or holds anything else.
 */
export async function readSealedIdentity(path: string): Promise<SealedText> {
  let bytes: Uint8Array;
  try {
    const { isFile } = await Deno.stat(path);
    if (!isFile) throw refuse(worded("{path} is not a file", { path }));
    bytes = await readBounded(path, MAX_SEALED_IDENTITY_BYTES);
  } catch (cause) {
    if (cause instanceof ChatError) throw cause;
    if (cause instanceof Deno.errors.NotFound) {
      throw refuse(worded("{path}: there is no such file", { path }), { cause });
    }
    const { reason, hint } = explainReadFailure(path, cause, "PATH");
    throw refuse(reason, { cause, hint });
  }
  return parseSealedIdentity(new TextDecoder().decode(bytes), path);
}

/**
 * Reads the line of a sealed identity.
 *
 * @param text The line, with or without blanks and line breaks around it.
 * @param path Where it is from.
 * @throws {ChatError} If it is anything else.
 */
export function parseSealedIdentity(text: string, path: string | Wording): SealedText {
  const sealed = text.length > MAX_SEALED_IDENTITY_BYTES ? "form" : parseSealed(text.trim());
  const isWhole = typeof sealed === "object" && sealed.box.length === SEALED_BYTES;
  if (isWhole) return sealed;
  throw refuse(describeFault(typeof sealed === "object" ? "box" : sealed, path), {
    hint: sealed === "version" ? NEWER_HINT : MAKE_HINT,
  });
}

function describeFault(fault: SealedFault, path: string | Wording): Wording {
  if (fault === "form") return worded("{path} does not hold a sealed identity", { path });
  if (fault === "version") return worded("{path} was sealed by another version", { path });
  if (fault === "cut") return worded("{path} ends too early: a part of it is missing", { path });
  if (fault === "cost") {
    const bounds = { least: MIN_SCRYPT_COST, most: MAX_SCRYPT_COST };
    return worded("{path} has no cost from {least} to {most} behind sealed1", { path, ...bounds });
  }
  return fault === "salt"
    ? worded("the salt in {path} is not {count} characters of base64url", {
      path,
      count: SALT_CHARS,
    })
    : worded("the sealed part of {path} is not {count} characters of base64url", {
      path,
      count: SEALED_BYTES * 4 / 3,
    });
}

/**
 * Refuses to go on where a file would be written over. Call it before the user is asked for more.
 *
 * @param what What is to be written.
 * @param path The file.
 * @throws {ChatError} If there is something at the path.
 */
export async function expectFree(what: "export" | "identity", path: string): Promise<void> {
  const isTaken = await Deno.lstat(path).then(() => true, () => false);
  if (isTaken) throw refuseTaken(what === "export" ? EXPORT : IMPORT, path);
}

/**
 * Makes an identity file of a sealed identity.
 *
 * @param path The identity file. A missing directory is made. An existing file is never written
 * over.
 * @param sealed The sealed identity.
 * @param passphrase What it was sealed with.
 * @returns The identity.
 * @throws {ChatError} If the passphrase is wrong, it was no identity that was sealed, there is
 * something at the path, or the file cannot be written.
 */
export async function importIdentity(
  path: string,
  sealed: SealedText,
  passphrase: string,
): Promise<Identity> {
  const text = await openText(sealed, passphrase);
  const identity = text === undefined ? undefined : await parseIdentity(text);
  if (text === undefined || !identity) {
    throw refuse(worded("the passphrase is another one, or the file was changed"));
  }
  try {
    await makePrivateDirectory(directoryOf(path));
    if (await createPrivateFile(path, text)) return identity;
  } catch (cause) {
    const { reason, hint } = explainWriteFailure(path, cause, "--identity PATH");
    throw refuse(reason, { cause, hint });
  }
  throw refuseTaken(IMPORT, path);
}

function refuseTaken(failure: typeof EXPORT | typeof IMPORT, path: string): ChatError {
  const reason = worded("{path} is there already", { path });
  const hint = failure === IMPORT ? TAKEN_HINT : worded("Choose another path.");
  return new ChatError(worded(failure, { reason }), { hint });
}

function refuse(reason: Wording, options?: ErrorOptions & { hint?: Wording }): ChatError {
  return new ChatError(worded(IMPORT, { reason }), options);
}
