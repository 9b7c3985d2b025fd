/**
 * The files of a certificate that an operator brings along: the certificate, and its private key.
 *
 * @module
 */

import { createPrivateKey, X509Certificate } from "node:crypto";
import type { CertificatePair } from "../crypto/room_certificate.ts";
import { ChatError } from "../errors.ts";
import { worded, type Wording } from "../messages/wording.ts";
import { explainReadFailure } from "./file_failure.ts";
import { MAX_CERTIFICATE_FILE_BYTES } from "./limits.ts";
import type { Warn } from "./private_file.ts";
import { loadSecretFile, type SecretKind } from "./secret_file.ts";
import { readBounded } from "./spoiled_text.ts";

/** The paths of the two files. */
export interface CertificatePaths {
  /** A certificate in PEM, and those between it and its authority. */
  readonly certificate: string;
  /** Its private key in PEM, without a passphrase. */
  readonly key: string;
}

/** A certificate, its key, and what a program says of them. */
export interface LoadedCertificate extends CertificatePair {
  /** The first host that it is for; undefined if it names none. */
  readonly name: string | undefined;
  /** When it ends. */
  readonly validTo: Date;
}

const TLS_KEY: SecretKind<string> = {
  cannotLoad: "Cannot load TLS key: {reason}",
  cannotCreate: "Cannot create key: {reason}",
  invalid: "{path} does not hold a valid TLS key",
  option: "--tls-key PATH",
  hint: worded("It must be a private key in PEM, without a passphrase."),
  maxBytes: MAX_CERTIFICATE_FILE_BYTES,
  parse: (text) => {
    createPrivateKey(text);
    return text;
  },
};

/**
 * Loads a certificate and its key.
 *
 * @param paths The files. That of the key is treated as a secret file.
 * @param warn Told of a key that others could read, and that is now private.
 * @throws {ChatError} If a file is missing or holds something else, or the key is of another
 * certificate.
 */
export async function loadCertificateFiles(
  paths: CertificatePaths,
  warn: Warn,
): Promise<LoadedCertificate> {
  const certificate = await loadCertificates(paths.certificate, "--tls-cert PATH");
  const first = new X509Certificate(certificate);
  const key = await loadKey(paths.key, warn);
  if (!first.checkPrivateKey(createPrivateKey(key))) {
    const reason = worded("{path} is the key of another certificate", { path: paths.key });
    throw new ChatError(worded("Cannot load TLS key: {reason}", { reason }));
  }
  const [, name] = /(?:^|, )DNS:([^,]+)/.exec(first.subjectAltName ?? "") ?? [];
  return { certificate, key, name, validTo: new Date(first.validTo) };
}

/**
 * Loads certificates.
 *
 * @param path The file.
 * @param option The option that names it.
 * @returns The text, whose first certificate can be read.
 * @throws {ChatError} If there is no such file, or it holds something else.
 */
export async function loadCertificates(path: string, option: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(path, MAX_CERTIFICATE_FILE_BYTES);
  } catch (cause) {
    const { reason, hint } = cause instanceof Deno.errors.NotFound
      ? { reason: worded("{path}: there is no such file", { path }), hint: undefined }
      : explainReadFailure(path, cause, option);
    throw refuse(reason, { cause, hint });
  }
  try {
    if (bytes.length > MAX_CERTIFICATE_FILE_BYTES) throw new RangeError("the file is too long");
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    new X509Certificate(text);
    return text;
  } catch (cause) {
    const hint = worded("It must be a certificate in PEM.");
    throw refuse(worded("{path} does not hold a certificate", { path }), { cause, hint });
  }
}

async function loadKey(path: string, warn: Warn): Promise<string> {
  try {
    return await loadSecretFile(path, TLS_KEY, warn);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    const reason = worded("{path}: there is no such file", { path });
    throw new ChatError(worded("Cannot load TLS key: {reason}", { reason }), { cause });
  }
}

function refuse(reason: Wording, options: { cause?: unknown; hint?: Wording }): ChatError {
  return new ChatError(worded("Cannot load certificate: {reason}", { reason }), options);
}
