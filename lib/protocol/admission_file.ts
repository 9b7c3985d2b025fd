/**
 * What a keyless relay is started from: the line that admits members, and the secret line for TLS.
 *
 * @module
 * @see docs/PROTOCOL.md, "TLS"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { SEED_BYTES } from "../crypto/ed25519.ts";
import { type Admission, formatAdmission, parseAdmission } from "./admission.ts";

const TLS_PREFIX = "tls1";

/** All that a keyless relay knows. */
export interface KeylessRoom {
  readonly admission: Admission;
  /** The private key of the room's certificate, 32 bytes: it is secret. Undefined if it is not there. */
  readonly tlsSeed: Uint8Array<ArrayBuffer> | undefined;
}

/**
 * Writes what a keyless relay needs, without LF at the end.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const admission = { roomId: new Uint8Array(16), publicKey: new Uint8Array(32) };
 * const room = { admission, tlsSeed: new Uint8Array(32).fill(7) };
 * const [, secret] = formatKeylessRoom(room).split("\n");
 * assert.equal(secret, "tls1.BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc");
 * assert.deepEqual(parseKeylessRoom(formatKeylessRoom(room)), room);
 * ```
 */
export function formatKeylessRoom({ admission, tlsSeed }: KeylessRoom): string {
  const line = formatAdmission(admission);
  return tlsSeed ? `${line}\n${TLS_PREFIX}.${formatBase64Url(tlsSeed)}` : line;
}

/**
 * Reads what `formatKeylessRoom()` wrote. Lines may end with CR LF.
 *
 * @param text The lines, without LF at the end.
 * @throws {TypeError} If `text` is not of that form.
 */
export function parseKeylessRoom(text: string): KeylessRoom {
  const [line = "", secret, ...more] = text.split(/\r?\n/);
  const admission = parseAdmission(line);
  if (secret === undefined) return { admission, tlsSeed: undefined };
  const [prefix, seed = "", ...rest] = secret.split(".");
  const tlsSeed = parseBase64Url(seed, SEED_BYTES);
  if (prefix !== TLS_PREFIX || !tlsSeed || rest.length + more.length > 0) {
    throw new TypeError("Cannot parse admission: the second line is not tls1.<key>");
  }
  return { admission, tlsSeed };
}
