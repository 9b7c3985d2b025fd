/**
 * A room and members whose keys are the same in every run, and messages made
 * without `lib/protocol/envelope.ts`.
 *
 * @module
 */

import { formatBase64Url } from "../../lib/bytes/base64url.ts";
import { importSigningKey, type SigningKey } from "../../lib/crypto/ed25519.ts";
import { deriveRoomKey } from "../../lib/crypto/room_key.ts";
import { type AgreementKey, importAgreementPair } from "../../lib/crypto/x25519.ts";
import { importKey } from "../../lib/fernet.ts";
import type { HeaderFields } from "../../lib/protocol/header.ts";

/** The room of docs/PROTOCOL.md. */
export const SECRET = "cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=";
export const ROOM = await deriveRoomKey(SECRET);
export const KEY = await importKey(SECRET);
/** Another one. */
export const OTHER_ROOM_ID = new Uint8Array(16).fill(0x44);

/** The time of the examples, in unix seconds. */
export const TIME = 1785571200;
export const EPOCH = "AZ-8VkwAAAE";
export const OTHER_EPOCH = "AZ-8VkwAAAI";

/** A member's keys. */
export interface Member {
  /** The public signing key in base64url. */
  readonly id: string;
  readonly signing: SigningKey;
  readonly agreement: AgreementKey;
}

/** Makes the member whose secrets are 32 times that byte. */
export async function makeMember(byte: number): Promise<Member> {
  const secret = new Uint8Array(32).fill(byte);
  const [signing, agreement] = await Promise.all([
    importSigningKey(secret),
    importAgreementPair(secret),
  ]);
  return { id: formatBase64Url(signing.publicKey), signing, agreement };
}

/** The member of docs/PROTOCOL.md, and two more. */
export const ALICE = await makeMember(0x33);
export const BOB = await makeMember(0x55);
export const EVE = await makeMember(0x66);

/** A header of alice's that says hello, but for `changes`. */
export function fieldsOf(changes: Partial<HeaderFields> = {}): HeaderFields {
  return {
    kind: "chat",
    id: ALICE.id,
    nickname: "alice",
    epoch: EPOCH,
    sequence: 0,
    time: TIME,
    text: "hello",
    ...changes,
  };
}

/** What may be wrong about a message that is put together by hand. */
export interface Parts {
  readonly signer?: Member;
  readonly roomId?: Uint8Array;
  readonly label?: string;
  readonly body?: Uint8Array;
  /** What comes after the body; spaces up to 511 bytes by default. */
  readonly padding?: Uint8Array;
}

/** Signs any header bytes, and puts a plaintext together as the protocol says. */
export async function sealByHand(header: string | Uint8Array, parts: Parts = {}) {
  const { signer = ALICE, roomId = ROOM.roomId, body = new Uint8Array() } = parts;
  const { label = "encrypted-chatroom/v1 message" } = parts;
  const headerBytes = typeof header === "string" ? new TextEncoder().encode(header) : header;
  const signed = new Uint8Array([...encode(label), 0, ...roomId, ...headerBytes]);
  const signature = await crypto.subtle.sign("Ed25519", signer.signing.privateKey, signed);
  const spelled = new Uint8Array(signature).toBase64({ alphabet: "base64url", omitPadding: true });
  const length = 1 + headerBytes.length + 1 + spelled.length + 1 + body.length;
  const { padding = new Uint8Array(Math.max(0, 511 - length)).fill(0x20) } = parts;
  return new Uint8Array([
    0x1e,
    ...headerBytes,
    0x0a,
    ...encode(spelled),
    0x0a,
    ...body,
    ...padding,
  ]);
}

/** UTF-8. */
export function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** Text of UTF-8. */
export function decode(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}
