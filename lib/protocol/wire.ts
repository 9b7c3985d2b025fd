/**
 * The kinds of line on the wire: a token, a control line, or noise.
 *
 * @module
 * @see docs/PROTOCOL.md, "Lines"
 */

import { MAX_CONTROL_BYTES, MIN_TOKEN_CHARS } from "./limits.ts";

/** A token is relayed. A control line is between client and relay. Noise is dropped. */
export type LineKind = "token" | "control" | "noise";

/** An error that the relay states before it closes a connection. */
export interface RelayError {
  /** The number, as in `!ERR 503 full`. */
  readonly code: number;
  /** The reason, in printable ASCII. */
  readonly reason: string;
}

/** The errors of the relay, by name. */
export const RELAY_ERRORS = {
  badLine: { code: 400, reason: "bad line" },
  auth: { code: 401, reason: "auth" },
  noSlot: { code: 404, reason: "no slot" },
  timeout: { code: 408, reason: "timeout" },
  slotUsed: { code: 410, reason: "slot used" },
  inviterGone: { code: 410, reason: "inviter gone" },
  tooLong: { code: 413, reason: "too long" },
  tooSlow: { code: 429, reason: "too slow" },
  full: { code: 503, reason: "full" },
  noPipe: { code: 503, reason: "no pipe" },
  paused: { code: 503, reason: "too many wrong slots" },
  stopping: { code: 503, reason: "stopping" },
} as const satisfies Record<string, RelayError>;

/** The bytes that tell the kinds of lines apart, and those of the text of a control line. */
const BANG = 0x21;
const EQUALS = 0x3d;
const LF = 0x0a;
const TILDE = 0x7e;
const SPACE = 0x20;
/** `gAAAAA`: the version 0x80, and a time below 2^36. */
const TOKEN_HEAD = [0x67, 0x41, 0x41, 0x41, 0x41, 0x41] as const;
/** Bytes of a token without its ciphertext. */
const TOKEN_OVERHEAD_BYTES = 57;

const IS_BASE64URL = new Uint8Array(256);
for (const char of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") {
  IS_BASE64URL[char.charCodeAt(0)] = 1;
}

/**
 * Tells what the line `bytes[start..end)` is. Nothing is decoded or copied.
 *
 * A token is base64url with its padding. It begins with `gAAAAA`, has at least 100 characters, and
 * decodes to 57 bytes and whole blocks of 16 bytes.
 *
 * @param bytes An array that holds the line.
 * @param start Index of the line's first byte.
 * @param end Index after the line's last byte, CR and LF excluded.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = new TextEncoder().encode("!PING 1");
 * assert.equal(classifyLine(bytes, 0, bytes.length), "control");
 * ```
 */
export function classifyLine(bytes: Uint8Array, start: number, end: number): LineKind {
  if (bytes[start] === TOKEN_HEAD[0]) {
    const base64End = Math.min(findBase64UrlEnd(bytes, start), end);
    return isToken(bytes, start, base64End, end) ? "token" : "noise";
  }
  if (start < end && bytes[start] === BANG) {
    return isControl(bytes, start, end) ? "control" : "noise";
  }
  return "noise";
}

/**
 * Tells whether a line is a token, if it is known where its base64url ends.
 *
 * @param bytes An array that holds the line.
 * @param start Index of the line's first byte.
 * @param base64End Index of the line's first byte that is not base64url, such as its padding.
 * @param end Index after the line's last byte, CR and LF excluded.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const bytes = new TextEncoder().encode("gAAAAA".padEnd(140, "A"));
 * assert.equal(isToken(bytes, 0, 140, 140), true);
 * ```
 */
export function isToken(
  bytes: Uint8Array,
  start: number,
  base64End: number,
  end: number,
): boolean {
  const chars = end - start;
  const padding = end - base64End;
  if (chars < MIN_TOKEN_CHARS || chars % 4 !== 0 || padding > 2) return false;
  for (let i = 0; i < TOKEN_HEAD.length; i++) {
    if (bytes[start + i] !== TOKEN_HEAD[i]) return false;
  }
  for (let i = base64End; i < end; i++) if (bytes[i] !== EQUALS) return false;
  const decodedBytes = chars / 4 * 3 - padding;
  return (decodedBytes - TOKEN_OVERHEAD_BYTES) % 16 === 0;
}

/**
 * Finds the first byte that is not base64url.
 *
 * @param bytes Any bytes.
 * @param from The index to begin at.
 * @returns The index of that byte; the array's length if there is none.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(findBase64UrlEnd(new TextEncoder().encode("ab_-=="), 0), 4);
 * ```
 */
export function findBase64UrlEnd(bytes: Uint8Array, from: number): number {
  const last = bytes.length - 4;
  let i = from;
  // Four bytes at a time, to be quick: this loop looks at every byte that the relay takes.
  while (
    i <= last &&
    (IS_BASE64URL[bytes[i]!]! & IS_BASE64URL[bytes[i + 1]!]! & IS_BASE64URL[bytes[i + 2]!]! &
        IS_BASE64URL[bytes[i + 3]!]!) === 1
  ) i += 4;
  while (i < bytes.length && IS_BASE64URL[bytes[i]!] === 1) i++;
  return i;
}

function isControl(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MAX_CONTROL_BYTES) return false;
  for (let i = start; i < end; i++) {
    if (bytes[i]! < SPACE || bytes[i]! > TILDE) return false;
  }
  return true;
}

/** Writes the line that states an error: `!ERR <code> <reason>` and LF, as bytes. */
export function formatRelayError(error: RelayError): Uint8Array {
  return new TextEncoder().encode(`!ERR ${error.code} ${error.reason}\n`);
}

/** Makes the line of a token: the token and LF, as bytes. */
export function frameToken(token: string): Uint8Array {
  const line = new Uint8Array(token.length + 1);
  new TextEncoder().encodeInto(token, line);
  line[token.length] = LF;
  return line;
}
