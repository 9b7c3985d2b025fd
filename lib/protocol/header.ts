/**
 * The header of a message: JSON of a few short fields.
 *
 * @module
 * @see docs/PROTOCOL.md, "Envelope"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { MAX_KIND_CHARS, MAX_PLAINTEXT_BYTES, MAX_TEXT_BYTES } from "./limits.ts";
import { parseNickname } from "./nickname.ts";

/** The kinds of message that this version sends. */
export type MessageKind =
  | "chat"
  | "act"
  | "join"
  | "leave"
  | "nick"
  | "here"
  | "dm"
  | "again"
  | "file"
  | "rekey"
  | "knock";

/** Bytes of an epoch: 6 bytes of its start in ms since 1970, and 2 random bytes. */
export const EPOCH_BYTES = 8;
/** Bytes of a SHA-256 hash. */
const HASH_BYTES = 32;

/** The fields of a header. Which of the optional fields it has depends on its kind. */
export interface HeaderFields {
  readonly kind: MessageKind;
  /** The sender's Ed25519 key: 32 bytes in base64url. */
  readonly id: string;
  readonly nickname: string;
  /** One run of the sender's client: 8 bytes in base64url. */
  readonly epoch: string;
  /** Number of this message in its epoch, from 0 to 2^53 - 2. */
  readonly sequence: number;
  /** The sender's clock, in unix seconds. */
  readonly time: number;
  /** The text, 40,000 bytes of UTF-8 at most. */
  readonly text?: string;
  /** An X25519 key: 32 bytes in base64url. */
  readonly agreementKey?: string;
  /** The day of that key, from 1970: without it, the key may be a lasting one. */
  readonly keyDay?: number;
  /** How many messages just before it are fleeting: nobody has to wait for these. */
  readonly fleetingBefore?: number;
  /** Longest time until the sender's next message of any kind, in s. */
  readonly silenceSeconds?: number;
  /** The sender's connection, as its relay numbers it. */
  readonly cid?: number;
  /** The recipient's Ed25519 key: 32 bytes in base64url. */
  readonly recipient?: string;
  /** Of a copy for its writer: to whom the private message went, as `id`. */
  readonly copyOf?: string;
  /** The key of the text for further keys of the recipient: tokens, with single spaces between. */
  readonly forOthers?: string;
  /** An offer of a file, in JSON; of a private message a token under the message's own key. */
  readonly offer?: string;
  /** Bytes of the body. */
  readonly bodyLength?: number;
  /** The body's SHA-256, 32 bytes. */
  readonly bodyHash?: Uint8Array;
}

/** The fields that not every header has, as they are spelled in J. */
const OPTIONAL_NAMES = {
  text: "b",
  fleetingBefore: "f",
  silenceSeconds: "h",
  agreementKey: "x",
  keyDay: "d",
  cid: "cid",
  recipient: "to",
  copyOf: "c",
  forOthers: "m",
  offer: "o",
  bodyLength: "bl",
  bodyHash: "bh",
} as const;

/** A header that was received: its kind may be one that is not known here. */
export interface Header extends Omit<HeaderFields, "kind"> {
  readonly kind: string;
}

/** Writes a header: JSON on one line, as bytes. A lone surrogate in the text becomes U+FFFD. */
export function formatHeader(fields: HeaderFields): Uint8Array {
  const { kind, id, nickname, epoch, sequence, time, text, agreementKey, cid, recipient } = fields;
  const json = JSON.stringify({
    v: 1,
    k: kind,
    id,
    n: nickname,
    e: epoch,
    q: sequence,
    t: time,
    f: fields.fleetingBefore,
    h: fields.silenceSeconds,
    to: recipient,
    c: fields.copyOf,
    x: agreementKey,
    m: fields.forOthers,
    d: fields.keyDay,
    cid,
    bl: fields.bodyLength,
    bh: fields.bodyHash && formatBase64Url(fields.bodyHash),
    o: fields.offer,
    b: text?.toWellFormed(),
  });
  return new TextEncoder().encode(json);
}

/**
 * Reads a header. Fields that are not known are left out.
 *
 * @param bytes Any bytes, from anybody.
 * @returns Undefined if the bytes are not JSON, if a field is missing, or if a field has a wrong
 * type or size.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseHeader(new TextEncoder().encode('{"v":2}')), undefined);
 * ```
 */
export function parseHeader(bytes: Uint8Array): Header | undefined {
  const json = parseObject(bytes);
  if (!json || json.get("v") !== 1) return undefined;
  const fields = {
    kind: check(json.get("k"), isKind),
    id: check(json.get("id"), isPublicKey),
    nickname: check(json.get("n"), isNickname),
    epoch: check(json.get("e"), isEpoch),
    sequence: check(json.get("q"), isSequence),
    time: check(json.get("t"), isCount),
  };
  const { kind, id, nickname, epoch, sequence, time } = fields;
  const isWhole = kind !== undefined && id !== undefined && nickname !== undefined &&
    epoch !== undefined && sequence !== undefined && time !== undefined;
  const more = {
    text: check(json.get("b"), isText),
    fleetingBefore: check(json.get("f"), isCount),
    silenceSeconds: check(json.get("h"), isCount),
    agreementKey: check(json.get("x"), isPublicKey),
    keyDay: check(json.get("d"), isCount),
    cid: check(json.get("cid"), isCount),
    recipient: check(json.get("to"), isPublicKey),
    copyOf: check(json.get("c"), isPublicKey),
    forOthers: check(json.get("m"), isText),
    offer: check(json.get("o"), isText),
    bodyLength: check(json.get("bl"), isBodyLength),
    bodyHash: check(json.get("bh"), isHash),
  };
  const isSound = Object.entries(OPTIONAL_NAMES).every(
    ([field, name]) => !json.has(name) || more[field as keyof typeof more] !== undefined,
  );
  const { bodyHash, ...rest } = more;
  const hasBody = bodyHash !== undefined;
  if (!isWhole || !isSound || hasBody !== (rest.bodyLength !== undefined)) return undefined;
  return {
    ...{ kind, id, nickname, epoch, sequence, time },
    ...rest,
    ...hasBody ? { bodyHash: parseBase64Url(bodyHash, HASH_BYTES)! } : {},
  };
}

function parseObject(bytes: Uint8Array): Map<string, unknown> | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const json: unknown = JSON.parse(text);
    if (typeof json !== "object" || json === null || Array.isArray(json)) return undefined;
    return new Map(Object.entries(json));
  } catch {
    // Not UTF-8, not JSON, or nested too deeply. The caller treats all of these alike.
    return undefined;
  }
}

/** Returns the value if it passes, else undefined. */
function check<T>(value: unknown, passes: (value: unknown) => value is T): T | undefined {
  return passes(value) ? value : undefined;
}

function isKind(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_KIND_CHARS && /^[a-z]+$/.test(value);
}

function isPublicKey(value: unknown): value is string {
  return typeof value === "string" && parseBase64Url(value, PUBLIC_KEY_BYTES) !== undefined;
}

function isHash(value: unknown): value is string {
  return typeof value === "string" && parseBase64Url(value, HASH_BYTES) !== undefined;
}

function isEpoch(value: unknown): value is string {
  return typeof value === "string" && parseBase64Url(value, EPOCH_BYTES) !== undefined;
}

function isNickname(value: unknown): value is string {
  if (typeof value !== "string") return false;
  try {
    return parseNickname(value) === value;
  } catch {
    return false;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

/** The number after a sequence must be exact, too, because it is expected next. */
function isSequence(value: unknown): value is number {
  return isCount(value) && value < Number.MAX_SAFE_INTEGER;
}

function isBodyLength(value: unknown): value is number {
  return isCount(value) && value <= MAX_PLAINTEXT_BYTES;
}

function isText(value: unknown): value is string {
  // A string has at most as many UTF-16 units as it has bytes.
  return typeof value === "string" && value.length <= MAX_TEXT_BYTES &&
    new TextEncoder().encode(value).length <= MAX_TEXT_BYTES;
}
