/**
 * Private messages: text that only one member of the room can read.
 *
 * The sender makes an X25519 key pair for each message. This pair and the recipient's key make a
 * Fernet key that no other member has.
 *
 * @module
 * @see docs/PROTOCOL.md, "Private messages"
 */

import { formatBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { deriveBytes, importSecret } from "../crypto/hkdf.ts";
import { label } from "../crypto/signed_bytes.ts";
import { agree, importAgreementKey } from "../crypto/x25519.ts";
import { decrypt, encrypt, type FernetKey, importKey } from "../fernet.ts";

const DM_LABEL = "encrypted-chatroom/v1 dm";
/** Bytes of the key of one private message. */
const SECRET_BYTES = 32;

/** The Ed25519 keys of sender and recipient, 32 bytes each. The secret is bound to both. */
export interface Correspondents {
  readonly sender: Uint8Array;
  readonly recipient: Uint8Array;
}

/** What the header of a private message carries. */
export interface SealedText {
  /** The public half of the key pair of this message, 32 bytes. */
  readonly ephemeralKey: Uint8Array;
  /** The text, as a Fernet token. */
  readonly token: string;
  /** The key of that token for further keys of the recipient, each sealed in a token of its own. */
  readonly forOthers?: readonly string[];
}

/**
 * Seals a text for one member.
 *
 * @param text Any text. A lone surrogate becomes U+FFFD.
 * @param agreementKey The recipient's X25519 key, 32 bytes, as the recipient announced it.
 * @param correspondents The keys of sender and recipient.
 * @throws {RangeError} If the recipient's key is not usable.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const pair = await crypto.subtle.generateKey("X25519", true, ["deriveBits"]) as CryptoKeyPair;
 * const key = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
 * const between = { sender: new Uint8Array(32), recipient: new Uint8Array(32) };
 * const sealed = await sealText("psst", key, between);
 * assert.equal(await openText(sealed, pair.privateKey, between), "psst");
 * ```
 */
export async function sealText(
  text: string,
  agreementKey: Uint8Array,
  correspondents: Correspondents,
): Promise<SealedText> {
  const { ephemeralKey, tokens } = await sealTexts([text], [agreementKey], correspondents);
  return { ephemeralKey, token: tokens[0]! };
}

/**
 * Seals the texts of one message, as `sealText()` does. Each becomes a token of its own, under the
 * one key of the message.
 *
 * @param agreementKeys The recipient's X25519 keys, one for each machine; at least one. A client of
 * version 0.1.0 reads what is sealed for the first.
 * @throws {RangeError} If a key of the recipient is not usable.
 */
export async function sealTexts(
  texts: readonly string[],
  agreementKeys: readonly [Uint8Array, ...Uint8Array[]],
  correspondents: Correspondents,
): Promise<SealedTexts> {
  const ephemeral = await crypto.subtle.generateKey("X25519", false, ["deriveBits"]);
  const { privateKey, publicKey } = ephemeral as CryptoKeyPair;
  const [first, ...others] = agreementKeys;
  const inner = await deriveRaw(privateKey, first, correspondents);
  const key = await importRaw(inner);
  const wrapped = await Promise.all(others.map(async (other) => {
    // Who announces a key that is not usable cannot be reached there.
    const otherKey = await deriveKey(privateKey, other, correspondents).catch(() => undefined);
    return otherKey && await encrypt(otherKey, inner);
  }));
  inner.fill(0);
  const forOthers = wrapped.filter((each) => each !== undefined);
  const tokens = await Promise.all(texts.map((text) => {
    return encrypt(key, new TextEncoder().encode(text.toWellFormed()));
  }));
  const ephemeralKey = new Uint8Array(await crypto.subtle.exportKey("raw", publicKey));
  return { ephemeralKey, tokens, forOthers };
}

/** Texts that {@linkcode sealTexts} sealed. */
export interface SealedTexts extends Required<Omit<SealedText, "token">> {
  readonly tokens: readonly string[];
}

/**
 * Opens what `sealText()` made.
 *
 * @param sealed What the header of the private message carries.
 * @param privateKey The recipient's X25519 key.
 * @param correspondents The keys of sender and recipient.
 * @throws {InvalidTokenError} If the text was sealed for other keys, or altered.
 * @throws {RangeError} If the ephemeral key is not usable.
 * @throws {TypeError} If the text is not UTF-8.
 */
export async function openText(
  { ephemeralKey, token, forOthers = [] }: SealedText,
  privateKey: CryptoKey,
  correspondents: Correspondents,
): Promise<string> {
  const key = await deriveKey(privateKey, ephemeralKey, correspondents);
  const inner = await openInner(forOthers, key);
  const { plaintext } = await decrypt(inner ? [key, inner] : key, token);
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(plaintext);
}

/** Opens the message's key if it is sealed for this one, too. */
async function openInner(
  forOthers: readonly string[],
  key: FernetKey,
): Promise<FernetKey | undefined> {
  for (const token of forOthers) {
    const opened = await decrypt(key, token).catch(() => undefined);
    if (opened?.plaintext.length === SECRET_BYTES) {
      return await importRaw(opened.plaintext as Uint8Array<ArrayBuffer>);
    }
  }
  return undefined;
}

/** Makes the Fernet key of a message: X25519, then HKDF-SHA256 with an empty salt. */
async function deriveKey(...args: Parameters<typeof deriveRaw>): Promise<FernetKey> {
  const raw = await deriveRaw(...args);
  const key = await importRaw(raw);
  raw.fill(0);
  return key;
}

async function importRaw(raw: Uint8Array<ArrayBuffer>): Promise<FernetKey> {
  return await importKey(`${formatBase64Url(raw)}=`);
}

async function deriveRaw(
  privateKey: CryptoKey,
  publicKey: Uint8Array,
  { sender, recipient }: Correspondents,
): Promise<Uint8Array<ArrayBuffer>> {
  const shared = await agree(privateKey, await importAgreementKey(publicKey));
  const secret = await importSecret(shared);
  shared.fill(0);
  return await deriveBytes(secret, concat(label(DM_LABEL), sender, recipient), SECRET_BYTES);
}
