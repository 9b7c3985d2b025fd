/**
 * What one side of a pairing says of itself: its id, a signature that shows that the id is its own,
 * and its nickname. Every introduction has the same length.
 *
 * @module
 * @see docs/PROTOCOL.md, "Pairing"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { importPublicKey, PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from "../crypto/ed25519.ts";
import { MAX_NICKNAME_BYTES } from "./limits.ts";
import { parseNickname } from "./nickname.ts";

/** Bytes of an introduction. */
export const INTRODUCTION_BYTES = PUBLIC_KEY_BYTES + SIGNATURE_BYTES + MAX_NICKNAME_BYTES;

/** Who a side says that it is. */
export interface Introduced {
  /** Its Ed25519 key in base64url: 43 characters. */
  readonly id: string;
  readonly nickname: string;
}

/** What a side introduces itself with. */
export interface Introduction extends Introduced {
  /** The private half of `id`. */
  readonly privateKey: CryptoKey;
}

/**
 * Writes an introduction.
 *
 * @param introduction Who the side is.
 * @param signed What is signed: bytes of this pairing and this side alone.
 * @returns 128 bytes.
 */
export async function formatIntroduction(
  { id, nickname, privateKey }: Introduction,
  signed: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", privateKey, signed));
  const name = new Uint8Array(MAX_NICKNAME_BYTES);
  name.set(new TextEncoder().encode(nickname));
  return concat(parseBase64Url(id, PUBLIC_KEY_BYTES)!, signature, name);
}

/**
 * Reads an introduction.
 *
 * @param bytes 128 bytes.
 * @param signed What has to be signed.
 * @returns Undefined if the nickname cannot be one, or if the signature is not that of the id.
 */
export async function readIntroduction(
  bytes: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<Introduced | undefined> {
  const id = bytes.slice(0, PUBLIC_KEY_BYTES);
  const signature = bytes.slice(PUBLIC_KEY_BYTES, PUBLIC_KEY_BYTES + SIGNATURE_BYTES);
  const nickname = readName(bytes.subarray(PUBLIC_KEY_BYTES + SIGNATURE_BYTES));
  if (nickname === undefined) return undefined;
  try {
    const key = await importPublicKey(id);
    if (!await crypto.subtle.verify("Ed25519", key, signature, signed)) return undefined;
  } catch {
    // The id is of small order, or is no point of the curve.
    return undefined;
  }
  return { id: formatBase64Url(id), nickname };
}

/** Reads a nickname that zero bytes fill up. */
function readName(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  const name = end < 0 ? bytes : bytes.subarray(0, end);
  if (bytes.subarray(name.length).some((byte) => byte !== 0)) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(name);
    return parseNickname(text) === text ? text : undefined;
  } catch {
    // The bytes are not UTF-8, or the text is no nickname.
    return undefined;
  }
}
