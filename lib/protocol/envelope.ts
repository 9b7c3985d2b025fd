/**
 * The plaintext of a token: a signed header, perhaps a body, and padding.
 *
 * `1E ‖ J ‖ 0A ‖ S ‖ 0A ‖ body ‖ spaces`: J is the header in JSON, and S is the signature over the
 * exact bytes of J, in base64url.
 *
 * @module
 * @see docs/PROTOCOL.md, "Envelope"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { concat } from "../bytes/concat.ts";
import { SIGNATURE_BYTES } from "../crypto/ed25519.ts";
import { label } from "../crypto/signed_bytes.ts";
import { ChatError } from "../errors.ts";
import { worded } from "../messages/wording.ts";
import { formatHeader, type Header, type HeaderFields, parseHeader } from "./header.ts";
import { MAX_PLAINTEXT_BYTES, PADDING_STEP_BYTES, SMALL_PLAINTEXT_BYTES } from "./limits.ts";

/** The bytes around the parts of a plaintext. */
const RECORD_SEPARATOR = 0x1e;
const LF = 0x0a;
const SPACE = 0x20;
const MESSAGE_LABEL = "encrypted-chatroom/v1 message";
/** Characters of a signature in base64url, without padding. */
const SIGNATURE_CHARS = Math.ceil(SIGNATURE_BYTES * 4 / 3);

/** A message of a member. Its signature is not checked yet. */
export interface SignedEnvelope {
  readonly kind: "signed";
  readonly header: Header;
  /** The exact bytes that were signed. */
  readonly headerBytes: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** Empty unless the header tells its length. Its hash is not checked yet. */
  readonly body: Uint8Array;
}

/** What a plaintext is. */
export type Envelope =
  | SignedEnvelope
  /** The text of a simple client. */
  | { readonly kind: "plain"; readonly text: string }
  /** Neither of the two. Clients count it, and never show it. */
  | { readonly kind: "malformed" };

/** The key that signs, and the room. */
export interface Signer {
  /** The member's Ed25519 key. */
  readonly privateKey: CryptoKey;
  /** 16 bytes. */
  readonly roomId: Uint8Array;
}

const MALFORMED = { kind: "malformed" } as const;

/**
 * Signs and pads a message. JSON escapes can make a text too long for the header. Such a text goes
 * into the body.
 *
 * @param fields The header. Its `text` has 40,000 bytes at most.
 * @param signer The key that signs, and the room.
 * @param body Bytes that do not fit JSON. The text then stays in the header.
 * @returns The plaintext of the token: 511, 1023, 2047, 4095 or 4096 n - 1 bytes.
 * @throws {ChatError} If the message is too long for a token.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { importSigningKey } from "../crypto/ed25519.ts";
 * import { formatBase64Url } from "../bytes/base64url.ts";
 * const { privateKey, publicKey } = await importSigningKey(new Uint8Array(32).fill(0x33));
 * const plaintext = await sealEnvelope({
 *   kind: "chat",
 *   id: formatBase64Url(publicKey),
 *   nickname: "alice",
 *   epoch: "AZ-8VkwAAAE",
 *   sequence: 0,
 *   time: 1785571200,
 *   text: "hello",
 * }, { privateKey, roomId: new Uint8Array(16) });
 * assert.equal(plaintext.length, 511);
 * ```
 */
export async function sealEnvelope(
  fields: HeaderFields,
  signer: Signer,
  body?: Uint8Array,
): Promise<Uint8Array> {
  if (body) return await sealWithBody(fields, body, signer);
  const header = formatHeader(fields);
  if (fields.text === undefined || lengthOf(header, 0) <= MAX_PLAINTEXT_BYTES) {
    return await signAndPad(header, new Uint8Array(), signer);
  }
  const { text, ...rest } = fields;
  return await sealWithBody(rest, new TextEncoder().encode(text), signer);
}

/**
 * Reads the plaintext of a token. It never throws, whatever the bytes are.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = new TextEncoder().encode("<py> hello");
 * assert.deepEqual(parseEnvelope(bytes), { kind: "plain", text: "<py> hello" });
 * assert.deepEqual(parseEnvelope(new Uint8Array([0x1e])), { kind: "malformed" });
 * ```
 */
export function parseEnvelope(plaintext: Uint8Array): Envelope {
  if (plaintext[0] !== RECORD_SEPARATOR) {
    return { kind: "plain", text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(plaintext) };
  }
  const headerEnd = plaintext.indexOf(LF);
  const bodyStart = headerEnd + 1 + SIGNATURE_CHARS + 1;
  if (headerEnd < 0 || plaintext[bodyStart - 1] !== LF) return MALFORMED;
  const headerBytes = plaintext.subarray(1, headerEnd);
  const header = parseHeader(headerBytes);
  const spelled = new TextDecoder().decode(plaintext.subarray(headerEnd + 1, bodyStart - 1));
  const signature = parseBase64Url(spelled, SIGNATURE_BYTES);
  if (!header || !signature) return MALFORMED;
  const bodyEnd = bodyStart + (header.bodyLength ?? 0);
  if (bodyEnd > plaintext.length) return MALFORMED;
  for (let i = bodyEnd; i < plaintext.length; i++) if (plaintext[i] !== SPACE) return MALFORMED;
  const body = plaintext.subarray(bodyStart, bodyEnd);
  return { kind: "signed", header, headerBytes, signature, body };
}

/**
 * Checks that the sender wrote a message in this room, and that it is whole and unaltered.
 *
 * @param envelope What `parseEnvelope()` returned.
 * @param publicKey The sender's key, which `importPublicKey()` made of `header.id`.
 * @param roomId 16 bytes.
 */
export async function verifyEnvelope(
  { header, headerBytes, signature, body }: SignedEnvelope,
  publicKey: CryptoKey,
  roomId: Uint8Array,
): Promise<boolean> {
  const signed = signedBytes(roomId, headerBytes);
  const given = signature as Uint8Array<ArrayBuffer>;
  if (!await crypto.subtle.verify("Ed25519", publicKey, given, signed)) return false;
  if (header.bodyHash === undefined) return true;
  const digest = await crypto.subtle.digest("SHA-256", body as Uint8Array<ArrayBuffer>);
  return formatBase64Url(new Uint8Array(digest)) === formatBase64Url(header.bodyHash);
}

/**
 * Tells to which length a plaintext is padded. Texts of different lengths then look alike.
 *
 * @param bytes The length without padding.
 * @returns 511, 1023, 2047, 4095 or 4096 n - 1. Fernet adds at least one byte, so that these
 * lengths fill their last block.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([1, 511, 512, 4096].map(paddedLength), [511, 511, 1023, 8191]);
 * ```
 */
export function paddedLength(bytes: number): number {
  const small = SMALL_PLAINTEXT_BYTES.find((size) => bytes <= size);
  return small ?? Math.ceil((bytes + 1) / PADDING_STEP_BYTES) * PADDING_STEP_BYTES - 1;
}

async function sealWithBody(
  fields: HeaderFields,
  body: Uint8Array,
  signer: Signer,
): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest("SHA-256", body as Uint8Array<ArrayBuffer>);
  const bodyHash = new Uint8Array(digest);
  const header = formatHeader({ ...fields, bodyLength: body.length, bodyHash });
  return await signAndPad(header, body, signer);
}

async function signAndPad(
  header: Uint8Array,
  body: Uint8Array,
  { privateKey, roomId }: Signer,
): Promise<Uint8Array> {
  const bytes = lengthOf(header, body.length);
  if (bytes > MAX_PLAINTEXT_BYTES) {
    throw new ChatError(
      worded("Cannot seal message: {bytes} bytes, {most} at most", {
        bytes,
        most: MAX_PLAINTEXT_BYTES,
      }),
    );
  }
  const signature = await crypto.subtle.sign("Ed25519", privateKey, signedBytes(roomId, header));
  const spelled = new TextEncoder().encode(formatBase64Url(new Uint8Array(signature)));
  const plaintext = new Uint8Array(paddedLength(bytes)).fill(SPACE);
  const lf = new Uint8Array([LF]);
  plaintext.set(concat(new Uint8Array([RECORD_SEPARATOR]), header, lf, spelled, lf, body));
  return plaintext;
}

function lengthOf(header: Uint8Array, bodyBytes: number): number {
  return 1 + header.length + 1 + SIGNATURE_CHARS + 1 + bodyBytes;
}

function signedBytes(roomId: Uint8Array, headerBytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(label(MESSAGE_LABEL), roomId, headerBytes);
}
