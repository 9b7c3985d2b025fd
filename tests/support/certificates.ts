/**
 * An authority that issues certificates, and the connections that they are shown on.
 *
 * @module
 */

import {
  bitString,
  booleanTrue,
  explicit,
  formatPem,
  implicitText,
  integer,
  objectIdentifier,
  octetString,
  sequence,
  setOf,
  utcTime,
  utf8String,
} from "../../lib/crypto/der.ts";
import { importSigningKey, type SigningKey } from "../../lib/crypto/ed25519.ts";
import {
  type CertificatePair,
  deriveTlsSeedOf,
  makeCertificatePair,
} from "../../lib/crypto/room_certificate.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";

const DAY_MS = 86_400_000;

/** What a certificate is issued for. */
export interface Order {
  readonly host: string;
  /** From when and until when it is good, in days from now; from yesterday to tomorrow by default. */
  readonly days?: readonly [from: number, to: number];
}

/** An authority that nobody knows. */
export interface Authority {
  /** Its own certificate, in PEM. */
  readonly certificate: string;
  issue(order: Order): Promise<CertificatePair>;
}

/** Makes an authority. */
export async function makeAuthority(): Promise<Authority> {
  const { key } = await makeKey();
  const name = "Test Authority";
  const constraints = extension("2.5.29.19", sequence(booleanTrue()), booleanTrue());
  const der = await makeCertificate({ name, issuer: name, key, signer: key, days: [-9, 9] }, [
    constraints,
  ]);
  return {
    certificate: formatPem("CERTIFICATE", der),
    issue: async ({ host, days = [-1, 1] }) => {
      const { key: own, pem } = await makeKey();
      const names = extension("2.5.29.17", sequence(implicitText(2, host)));
      const parts = { name: host, issuer: name, key: own, signer: key, days };
      const issued = await makeCertificate(parts, [names]);
      return { certificate: formatPem("CERTIFICATE", issued), key: pem };
    },
  };
}

/** Makes the certificate of the room of a key. */
export async function makeRoomPair(keyText: string): Promise<CertificatePair> {
  const { roomId } = await deriveRoomKey(keyText);
  return await makeCertificatePair(await deriveTlsSeedOf(keyText), roomId);
}

async function makeKey(): Promise<{ key: SigningKey; pem: string }> {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const algorithm = sequence(objectIdentifier("1.3.101.112"));
  const pkcs8 = sequence(integer(0), algorithm, octetString(octetString(seed)));
  return { key: await importSigningKey(seed), pem: formatPem("PRIVATE KEY", pkcs8) };
}

async function makeCertificate(
  { name, issuer, key, signer, days }: {
    name: string;
    issuer: string;
    key: SigningKey;
    signer: SigningKey;
    days: readonly [number, number];
  },
  extensions: readonly Uint8Array[],
): Promise<Uint8Array> {
  const algorithm = sequence(objectIdentifier("1.3.101.112"));
  const named = (text: string) =>
    sequence(setOf(sequence(objectIdentifier("2.5.4.3"), utf8String(text))));
  const content = sequence(
    explicit(0, integer(2)),
    integer(7),
    algorithm,
    named(issuer),
    sequence(...days.map((day) => utcTime(formatDay(day)))),
    named(name),
    sequence(algorithm, bitString(key.publicKey)),
    explicit(3, sequence(...extensions)),
  );
  const signature = await crypto.subtle.sign("Ed25519", signer.privateKey, content);
  return sequence(content, algorithm, bitString(new Uint8Array(signature)));
}

function extension(id: string, value: Uint8Array, ...critical: Uint8Array[]): Uint8Array {
  return sequence(objectIdentifier(id), ...critical, octetString(value));
}

function formatDay(days: number): string {
  const iso = new Date(Date.now() + days * DAY_MS).toISOString();
  return `${iso.slice(2, 19).replaceAll(/[-:T]/g, "")}Z`;
}
