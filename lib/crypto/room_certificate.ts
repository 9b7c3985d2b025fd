/**
 * The certificate of a room: everybody who has the room's key makes the same one, byte for byte.
 *
 * @module
 * @see docs/PROTOCOL.md, "TLS"
 */

import {
  bitString,
  booleanTrue,
  type Der,
  explicit,
  formatPem,
  generalizedTime,
  implicitText,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
  utf8String,
} from "./der.ts";
import { importSigningKey, SEED_BYTES } from "./ed25519.ts";
import { parseRoomSecret, wipeSecret } from "./room_secret.ts";
import { deriveBytes, importSecret } from "./hkdf.ts";

const TLS_INFO = "encrypted-chatroom/v1 tls";

/** The name that a client asks for. It is the same for all rooms, as it travels in the clear. */
export const TLS_NAME = "chatroom.invalid";

const ED25519 = "1.3.101.112";
const COMMON_NAME = "2.5.4.3";
const KEY_USAGE = "2.5.29.15";
const SUBJECT_ALT_NAME = "2.5.29.17";
const BASIC_CONSTRAINTS = "2.5.29.19";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";

/** Version 3, as it is counted from 0. */
const VERSION_3 = 2;
/** The dates are fixed, and no clock is outside of them. The last one means "no end" (RFC 5280). */
const NOT_BEFORE = "700101000000Z";
const NOT_AFTER = "99991231235959Z";
/** The first bit of KeyUsage: digitalSignature. The other seven do not count. */
const DIGITAL_SIGNATURE = { bits: Uint8Array.of(0x80), unused: 7 };
/** The choice dNSName of GeneralName. */
const DNS_NAME = 2;

/** A certificate and its key, as programs for TLS read them. */
export interface CertificatePair {
  /** One certificate, or a chain of them, in PEM. */
  readonly certificate: string;
  /** The private key in PKCS #8, in PEM. */
  readonly key: string;
}

/**
 * Derives the private key of a room's certificate.
 *
 * @param root The room's 32 bytes.
 * @returns An Ed25519 seed, 32 bytes. It tells nothing of `root`.
 */
export async function deriveTlsSeed(
  root: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return await deriveBytes(await importSecret(root), encode(TLS_INFO), SEED_BYTES);
}

/**
 * Derives the same from the text of a room's secret. The certificate stays when the room moves on.
 *
 * @param text The room's secret, as `formatRoomSecret()` returns it.
 * @throws {TypeError | RangeError} As `parseRoomSecret()` does.
 */
export async function deriveTlsSeedOf(text: string): Promise<Uint8Array<ArrayBuffer>> {
  const secret = await parseRoomSecret(text);
  try {
    return await deriveTlsSeed(secret.root);
  } finally {
    wipeSecret(secret);
  }
}

/** Names the host that a room's certificate is for, beside {@linkcode TLS_NAME}. */
export function nameRoomHost(roomId: Uint8Array): string {
  return `${roomId.toHex()}.${TLS_NAME}`;
}

/**
 * Makes the certificate of a room.
 *
 * It is signed by itself, and it is no authority: whoever trusts it trusts it alone.
 *
 * @param seed 32 bytes, which {@linkcode deriveTlsSeed} returned. The caller may wipe them after.
 * @param roomId 16 bytes.
 * @returns The certificate in DER.
 * @throws {RangeError} If `seed` does not have 32 bytes.
 * @see https://www.rfc-editor.org/rfc/rfc5280 and https://www.rfc-editor.org/rfc/rfc8410
 */
export async function makeRoomCertificate(seed: Uint8Array, roomId: Uint8Array): Promise<Der> {
  const { privateKey, publicKey } = await importSigningKey(seed);
  const host = nameRoomHost(roomId);
  const algorithm = sequence(objectIdentifier(ED25519));
  const name = sequence(setOf(sequence(objectIdentifier(COMMON_NAME), utf8String(host))));
  const names = [host, TLS_NAME].map((each) => implicitText(DNS_NAME, each));
  const { bits, unused } = DIGITAL_SIGNATURE;
  const content = sequence(
    explicit(0, integer(VERSION_3)),
    integer(1),
    algorithm,
    name,
    sequence(utcTime(NOT_BEFORE), generalizedTime(NOT_AFTER)),
    name,
    sequence(algorithm, bitString(publicKey)),
    explicit(
      3,
      sequence(
        // An authority would not do as the certificate of a server: rustls refuses it.
        extension(BASIC_CONSTRAINTS, sequence(), booleanTrue()),
        extension(KEY_USAGE, bitString(bits, unused), booleanTrue()),
        extension(EXTENDED_KEY_USAGE, sequence(objectIdentifier(SERVER_AUTH))),
        extension(SUBJECT_ALT_NAME, sequence(...names)),
      ),
    ),
  );
  const signature = await crypto.subtle.sign("Ed25519", privateKey, content);
  return sequence(content, algorithm, bitString(new Uint8Array(signature)));
}

/**
 * Makes what a relay shows and signs with.
 *
 * @param seed 32 bytes, which {@linkcode deriveTlsSeed} returned. The caller may wipe them after.
 * @param roomId 16 bytes.
 * @throws {RangeError} If `seed` does not have 32 bytes.
 */
export async function makeCertificatePair(
  seed: Uint8Array,
  roomId: Uint8Array,
): Promise<CertificatePair> {
  const certificate = formatPem("CERTIFICATE", await makeRoomCertificate(seed, roomId));
  const key = sequence(
    integer(0),
    sequence(objectIdentifier(ED25519)),
    octetString(octetString(seed)),
  );
  return { certificate, key: formatPem("PRIVATE KEY", key) };
}

/** Writes an extension; with `critical`, who does not know it has to refuse the certificate. */
function extension(id: string, value: Uint8Array, ...critical: readonly Uint8Array[]): Der {
  return sequence(objectIdentifier(id), ...critical, octetString(value));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
