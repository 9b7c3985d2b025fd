/**
 * Writes DER: the bytes that certificates and keys are made of.
 *
 * @module
 * @see https://www.itu.int/rec/T-REC-X.690
 */

import { concat } from "../bytes/concat.ts";

/** Bytes of one element: tag, length and content. */
export type Der = Uint8Array<ArrayBuffer>;

/** From this length on a length takes more than one byte. */
const LONG_LENGTH = 128;
/** Set in every byte of a number but the last, in an object identifier. */
const MORE = 0x80;

/**
 * Writes an element of any kind.
 *
 * @param tag The tag, one byte.
 * @param parts The content, in order.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(element(0x04, Uint8Array.of(1, 2)).toHex(), "04020102");
 * ```
 */
export function element(tag: number, ...parts: readonly Uint8Array[]): Der {
  const content = concat(...parts);
  return concat(Uint8Array.of(tag, ...formatLength(content.length)), content);
}

/** Writes a SEQUENCE. */
export function sequence(...parts: readonly Uint8Array[]): Der {
  return element(0x30, ...parts);
}

/** Writes a SET of one element, which needs no order. */
export function setOf(part: Uint8Array): Der {
  return element(0x31, part);
}

/** Writes an INTEGER. `value` is from 0 to 127: one byte. */
export function integer(value: number): Der {
  return element(0x02, Uint8Array.of(value));
}

/** Writes the BOOLEAN that is true. DER leaves one away that is false by default. */
export function booleanTrue(): Der {
  return element(0x01, Uint8Array.of(0xff));
}

/**
 * Writes a BIT STRING.
 *
 * @param bytes The bits. Unused ones at the end are zero.
 * @param unused How many bits at the end do not count, 0 to 7.
 */
export function bitString(bytes: Uint8Array, unused = 0): Der {
  return element(0x03, Uint8Array.of(unused), bytes);
}

/** Writes an OCTET STRING. */
export function octetString(bytes: Uint8Array): Der {
  return element(0x04, bytes);
}

/** Writes a UTF8String. */
export function utf8String(text: string): Der {
  return element(0x0c, encode(text));
}

/** Writes a UTCTime: `YYMMDDhhmmssZ`, with 50 for 1950 and 49 for 2049. */
export function utcTime(text: string): Der {
  return element(0x17, encode(text));
}

/** Writes a GeneralizedTime: `YYYYMMDDhhmmssZ`. */
export function generalizedTime(text: string): Der {
  return element(0x18, encode(text));
}

/**
 * Writes an OBJECT IDENTIFIER.
 *
 * @param text Its numbers, such as `1.3.101.112`.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(objectIdentifier("1.3.6.1.5.5.7.3.1").toHex(), "06082b06010505070301");
 * ```
 */
export function objectIdentifier(text: string): Der {
  const [first = 0, second = 0, ...rest] = text.split(".").map(Number);
  return element(0x06, Uint8Array.from([40 * first + second, ...rest].flatMap(formatNumber)));
}

/**
 * Writes an element with a tag of its context around others.
 *
 * @param number The tag's number, 0 to 30.
 */
export function explicit(number: number, ...parts: readonly Uint8Array[]): Der {
  return element(0xa0 + number, ...parts);
}

/** Writes a text with a tag of its context in place of its own. */
export function implicitText(number: number, text: string): Der {
  return element(0x80 + number, encode(text));
}

/**
 * Writes DER as PEM (RFC 7468).
 *
 * @param label What it is, such as `CERTIFICATE`.
 * @returns Lines of 64 characters, each with its LF.
 */
export function formatPem(label: string, der: Uint8Array): string {
  const lines = der.toBase64().match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function formatLength(length: number): number[] {
  if (length < LONG_LENGTH) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [MORE + bytes.length, ...bytes];
}

/** Writes a number of an object identifier: 7 bits a byte, the highest first. */
function formatNumber(number: number): number[] {
  const bytes = [number % MORE];
  for (let rest = Math.floor(number / MORE); rest > 0; rest = Math.floor(rest / MORE)) {
    bytes.unshift(MORE + rest % MORE);
  }
  return bytes;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
