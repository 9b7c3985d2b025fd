/**
 * Offers of files, and what sender and taker tell each other of a transfer.
 *
 * @module
 * @see docs/PROTOCOL.md, "Files"
 */

import { formatBase64Url, parseBase64Url } from "../bytes/base64url.ts";
import { AGREEMENT_BYTES } from "../crypto/x25519.ts";
import { PIPE_NAME_BYTES } from "./control.ts";
import { TRANSFER_KEY_BYTES } from "./file_frames.ts";

/** Random bytes that name an offer, or a transfer. */
export const FILE_ID_BYTES = 16;
/** Bytes of a file's SHA-256. */
const FILE_HASH_BYTES = 32;
/** Longest name in an offer, in bytes: no file system has longer ones. Takers shorten it anyway. */
export const MAX_OFFERED_NAME_BYTES = 1024;

/** A file that a member offers. */
export interface FileOffer {
  /** 16 random bytes in base64url. */
  readonly id: string;
  /** The file's name as it was sent: not safe to show, nor to use. */
  readonly name: string;
  /** Bytes of the file. */
  readonly size: number;
  /** Its SHA-256, in base64url. */
  readonly hash: string;
  /** The X25519 key of who offers it, in base64url: what takers say is sealed for it. */
  readonly agreementKey: string;
}

/** Why a sender does not send. */
export type FileRefusal =
  /** It offers no such file to this member any more. */
  | "gone"
  /** The file is another one by now. */
  | "changed"
  /** It cannot read the file. */
  | "failed"
  /** The relay has no pipes. */
  | "no pipe";

/** What goes from one member to another about a transfer, sealed. `transfer`: chosen by the taker. */
export type FileMessage =
  /** The offer once more, for a member that has come since. */
  | { readonly kind: "offer"; readonly offer: FileOffer }
  /** The file is wanted, from a frame on. `agreementKey`: what answers are sealed for. */
  | {
    readonly kind: "take";
    readonly offer: string;
    readonly transfer: string;
    readonly frame: number;
    /** The taker's X25519 key, in base64url. */
    readonly agreementKey: string;
  }
  /** The file comes through this pipe, under this key. */
  | {
    readonly kind: "pipe";
    readonly transfer: string;
    /** 16 random bytes. */
    readonly name: Uint8Array;
    /** 32 random bytes. */
    readonly key: Uint8Array;
  }
  /** The file does not come. */
  | { readonly kind: "no"; readonly transfer: string; readonly reason: FileRefusal }
  /** The taker does not want it any more. */
  | { readonly kind: "stop"; readonly transfer: string }
  /** The taker has it whole, under its name. */
  | { readonly kind: "got"; readonly transfer: string };

const REFUSALS: readonly string[] = ["gone", "changed", "failed", "no pipe"];

/**
 * Writes an offer.
 *
 * @returns JSON, for the field `o` of a message.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const key = "A".repeat(43);
 * const offer = { id: "A".repeat(22), name: "a.txt", size: 5, hash: key, agreementKey: key };
 * assert.deepEqual(parseOffer(formatOffer(offer)), offer);
 * ```
 */
export function formatOffer({ id, name, size, hash, agreementKey }: FileOffer): string {
  return JSON.stringify({ i: id, n: name.toWellFormed(), s: size, h: hash, y: agreementKey });
}

/**
 * Reads an offer.
 *
 * @param text From anybody.
 * @returns Undefined if it is not of that form.
 */
export function parseOffer(text: string): FileOffer | undefined {
  return toOffer(parseJson(text));
}

/** Writes what one member tells another of a transfer: JSON, for the text of a `file`. */
export function formatFileMessage(message: FileMessage): string {
  switch (message.kind) {
    case "offer":
      return JSON.stringify({ k: "offer", ...JSON.parse(formatOffer(message.offer)) });
    case "take": {
      const { offer: o, transfer: x, frame: f, agreementKey: y } = message;
      return JSON.stringify({ k: "take", o, x, f, y });
    }
    case "pipe": {
      const [p, key] = [message.name, message.key].map((each) => formatBase64Url(each));
      return JSON.stringify({ k: "pipe", x: message.transfer, p, key });
    }
    case "no":
      return JSON.stringify({ k: "no", x: message.transfer, r: message.reason });
    case "stop":
    case "got":
      return JSON.stringify({ k: message.kind, x: message.transfer });
  }
}

/**
 * Reads what `formatFileMessage()` wrote.
 *
 * @param text From anybody.
 * @returns Undefined if it is not of one of these forms.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseFileMessage('{"k":"stop"}'), undefined);
 * ```
 */
export function parseFileMessage(text: string): FileMessage | undefined {
  const json = parseJson(text);
  const { k: kind, x: transfer, o: offer, f: frame, r: reason, p, key, y } = json;
  if (kind === "offer") {
    const offer = toOffer(json);
    return offer && { kind, offer };
  }
  if (!isId(transfer)) return undefined;
  if (kind === "take") {
    if (!isId(offer) || !isCount(frame) || !bytesOf(y, AGREEMENT_BYTES)) return undefined;
    return { kind, offer, transfer, frame, agreementKey: y as string };
  }
  if (kind === "pipe") {
    const [name, bytes] = [bytesOf(p, PIPE_NAME_BYTES), bytesOf(key, TRANSFER_KEY_BYTES)];
    return name && bytes && { kind, transfer, name, key: bytes };
  }
  if (kind === "no") {
    // A reason of a later version is told as the most common one.
    const known = typeof reason === "string" && REFUSALS.includes(reason) ? reason : "gone";
    return { kind, transfer, reason: known as FileRefusal };
  }
  return kind === "stop" || kind === "got" ? { kind, transfer } : undefined;
}

function toOffer({ i, n, s, h, y }: Readonly<Record<string, unknown>>): FileOffer | undefined {
  const hasKeys = bytesOf(h, FILE_HASH_BYTES) && bytesOf(y, AGREEMENT_BYTES);
  if (!isId(i) || !isName(n) || !isCount(s) || !hasKeys) return undefined;
  return { id: i, name: n, size: s, hash: h as string, agreementKey: y as string };
}

/** The fields of an object; none if the text is something else. */
function parseJson(text: string): Readonly<Record<string, unknown>> {
  try {
    const json = JSON.parse(text);
    return typeof json === "object" && json !== null ? json : {};
  } catch {
    return {};
  }
}

function bytesOf(value: unknown, length: number): Uint8Array | undefined {
  return typeof value === "string" ? parseBase64Url(value, length) : undefined;
}

function isId(value: unknown): value is string {
  return bytesOf(value, FILE_ID_BYTES) !== undefined;
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= MAX_OFFERED_NAME_BYTES &&
    new TextEncoder().encode(value).length <= MAX_OFFERED_NAME_BYTES;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
