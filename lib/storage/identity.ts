/**
 * A member's identity: an Ed25519 key that signs, and an X25519 key for private messages.
 *
 * Both are kept in one file of one line: `identity1.<Ed25519 seed>.<X25519 private key>`, each in
 * base64url.
 *
 * @module
 * @see docs/ARCHITECTURE.md, "Files on disk"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { importSigningKey, SEED_BYTES, type SigningKey } from "../crypto/ed25519.ts";
import { importSecret } from "../crypto/hkdf.ts";
import { AGREEMENT_BYTES, type AgreementKey, importAgreementPair } from "../crypto/x25519.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { directoryOf, makePrivateDirectory, type Warn } from "./private_file.ts";
import { loadSecretFile, openSecretFile, type SecretKind } from "./secret_file.ts";

/** `identity1.`, 43 characters, a point, 43 characters, and a line ending of one or two bytes. */
const MAX_FILE_BYTES = 97 + 2;

/** A member's keys. */
export interface Identity {
  /** The public signing key in base64url: 43 characters. */
  readonly id: string;
  /** Signs messages. Others pin its public half. */
  readonly signing: SigningKey;
  /** Opens private messages. */
  readonly agreement: AgreementKey;
  /** Keys for what the member keeps on disk are derived from it. */
  readonly secret: CryptoKey;
}

/** The private halves of an identity. */
interface Secrets {
  /** 32 bytes, Ed25519. */
  readonly seed: Uint8Array<ArrayBuffer>;
  /** 32 bytes, X25519. */
  readonly privateKey: Uint8Array<ArrayBuffer>;
}

const IDENTITY: SecretKind<Identity> = {
  cannotLoad: "Cannot load identity: {reason}",
  cannotCreate: "Cannot create identity: {reason}",
  invalid: "{path} does not hold a valid identity",
  option: "--identity PATH",
  hint: worded(
    "It must be one line that begins with identity1. Restore it from a copy, or move it away so that a new one is made: others will then see a new key under your name.",
  ),
  maxBytes: MAX_FILE_BYTES,
  parse: (text) => importSecrets(parseSecrets(text)),
};

/**
 * Makes an identity that is not kept on disk.
 */
export async function createIdentity(): Promise<Identity> {
  return await importSecrets(generateSecrets());
}

/**
 * Loads an identity. If there is no file, makes the file and its directory.
 *
 * If several processes call this at once, exactly one makes the file, and all load the same
 * identity.
 *
 * @param path The file.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns The identity, and whether this call made it.
 * @throws {ChatError} If an existing file is not a valid identity, cannot be read or cannot be made
 * private, or if no file can be made.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const directory = await Deno.makeTempDir();
 * const first = await openIdentity(`${directory}/state/identity`, console.error);
 * const second = await openIdentity(`${directory}/state/identity`, console.error);
 * assert.deepEqual([first.created, second.created], [true, false]);
 * assert.equal(first.identity.id, second.identity.id);
 * await Deno.remove(directory, { recursive: true });
 * ```
 */
export async function openIdentity(
  path: string,
  warn: Warn,
): Promise<{ identity: Identity; created: boolean }> {
  const make = async () => {
    await makePrivateDirectory(directoryOf(path));
    return formatSecrets(generateSecrets());
  };
  const { secret, created } = await openSecretFile(path, IDENTITY, make, warn);
  return { identity: secret, created };
}

/**
 * Loads an identity, and makes none.
 *
 * @param path The file.
 * @param warn Told of a file that others could read, and that is now private.
 * @throws {ChatError} If there is no such file, or as {@linkcode openIdentity} does.
 */
export async function loadIdentity(path: string, warn: Warn): Promise<Identity> {
  return await importSecrets(parseSecrets(await loadIdentityText(path, warn)));
}

/**
 * Loads the text of an identity, for a copy of it.
 *
 * @param path The file.
 * @param warn Told of a file that others could read, and that is now private.
 * @returns One line with an LF.
 * @throws {ChatError} As {@linkcode loadIdentity} does.
 */
export async function loadIdentityText(path: string, warn: Warn): Promise<string> {
  try {
    const kind = { ...IDENTITY, parse: (text: string) => formatSecrets(parseSecrets(text)) };
    return await loadSecretFile(path, kind, warn);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new ChatError(worded("Cannot load identity: there is no {path}", { path }), {
      cause,
      hint: worded("The first start of a client in a room makes one."),
    });
  }
}

/**
 * Reads the text of an identity.
 *
 * @param text One line, with or without its ending.
 * @returns Undefined if it is no identity.
 */
export async function parseIdentity(text: string): Promise<Identity | undefined> {
  try {
    return await importSecrets(parseSecrets(text));
  } catch {
    return undefined; // An error could have a part of the text in it.
  }
}

function generateSecrets(): Secrets {
  return {
    seed: crypto.getRandomValues(new Uint8Array(SEED_BYTES)),
    privateKey: crypto.getRandomValues(new Uint8Array(AGREEMENT_BYTES)),
  };
}

/** Imports the secrets, and wipes them. */
async function importSecrets(secrets: Secrets): Promise<Identity> {
  try {
    const both = concat(secrets.seed, secrets.privateKey);
    const [signing, agreement, secret] = await Promise.all([
      importSigningKey(secrets.seed),
      importAgreementPair(secrets.privateKey),
      importSecret(both),
    ]);
    both.fill(0);
    return { id: formatBase64Url(signing.publicKey), signing, agreement, secret };
  } finally {
    wipe(secrets);
  }
}

/** Writes the secrets as text, and wipes them. The text itself cannot be wiped. */
function formatSecrets(secrets: Secrets): string {
  const { seed, privateKey } = secrets;
  const text = `identity1.${formatBase64Url(seed)}.${formatBase64Url(privateKey)}\n`;
  wipe(secrets);
  return text;
}

function parseSecrets(text: string): Secrets {
  const [version, seedText = "", keyText = "", ...more] = text.replace(/\r?\n$/, "").split(".");
  const seed = parseBase64Url(seedText, SEED_BYTES);
  const privateKey = parseBase64Url(keyText, AGREEMENT_BYTES);
  if (version === "identity1" && seed && privateKey && more.length === 0) {
    return { seed, privateKey };
  }
  throw new RangeError("Cannot parse identity: it does not have the form identity1.<key>.<key>");
}

function wipe({ seed, privateKey }: Secrets): void {
  seed.fill(0);
  privateKey.fill(0);
}
