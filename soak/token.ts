/**
 * Tokens that prove what they are: each carries its sender's number, its
 * sequence number and a checksum over all of its other characters.
 *
 * ```text
 * gAAAAA ssss qqqqq cccccc body padding
 * ```
 *
 * To the relay they have the shape of Fernet tokens; nobody could decrypt them.
 *
 * @module
 */

import type { Random } from "./random.ts";

const ALPHABET = new TextEncoder().encode(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
);
const VALUE = new Int8Array(256).fill(-1);
ALPHABET.forEach((char, value) => VALUE[char] = value);

const HEAD = new TextEncoder().encode("gAAAAA");
const SENDER_AT = 6;
const SEQUENCE_AT = 10;
const SUM_AT = 15;
const BODY_AT = 21;
const EQUALS = 0x3d;

/** Shortest token in characters. */
const MIN_CHARS = 100;
/** Longest token in characters that needs no padding and fits a line. */
export const MAX_CHARS = 65_484;
/** Characters that bodies are cut from. */
const POOL_CHARS = 2 * MAX_CHARS;

/** What a whole token says of itself. */
export interface TokenLabel {
  sender: number;
  sequence: number;
}

/** Makes tokens whose bodies are stretches of one random text. */
export class TokenMaker {
  readonly #pool = new Uint8Array(POOL_CHARS);

  /** @param random Fills the text. */
  constructor(random: Random) {
    for (let i = 0; i < POOL_CHARS; i++) this.#pool[i] = ALPHABET[random.int(0, 63)]!;
  }

  /**
   * Makes one token.
   *
   * @param label Who sends it (below 2^24), and its number (below 2^30).
   * @param chars Wished length; the next valid one is taken.
   * @param random Chooses the body.
   * @returns The token, without line ending.
   */
  make(label: TokenLabel, chars: number, random: Random): Uint8Array {
    const { length, padding } = validLength(chars);
    const token = new Uint8Array(length);
    token.set(HEAD);
    writeNumber(token, SENDER_AT, 4, label.sender);
    writeNumber(token, SEQUENCE_AT, 5, label.sequence);
    const from = random.int(0, MAX_CHARS - 1);
    token.set(this.#pool.subarray(from, from + length - BODY_AT), BODY_AT);
    if (padding > 0) {
      // Bits that a decoder would drop are 0, as an encoder writes them.
      token[length - padding - 1] = ALPHABET[0]!;
      token.fill(EQUALS, length - padding);
    }
    writeNumber(token, SUM_AT, 6, checksum(token, 0, length));
    return token;
  }
}

/**
 * Reads a line's label.
 *
 * @param bytes Holds the line.
 * @param start Its first byte.
 * @param end The byte after its last one.
 * @returns Its label; undefined if one byte is not as it was made.
 */
export function readToken(bytes: Uint8Array, start: number, end: number): TokenLabel | undefined {
  if (end - start < MIN_CHARS) return undefined;
  const sum = readNumber(bytes, start + SUM_AT, 6);
  if (sum !== checksum(bytes, start, end)) return undefined;
  return {
    sender: readNumber(bytes, start + SENDER_AT, 4),
    sequence: readNumber(bytes, start + SEQUENCE_AT, 5),
  };
}

/** The next length that some Fernet token has, and how many `=` it ends in. */
export function validLength(chars: number): { length: number; padding: number } {
  for (let length = Math.max(MIN_CHARS, chars + (-chars & 3)); length < MAX_CHARS; length += 4) {
    for (let padding = 0; padding < 3; padding++) {
      if ((length / 4 * 3 - padding - 57) % 16 === 0) return { length, padding };
    }
  }
  return { length: MAX_CHARS, padding: 0 };
}

/** FNV-1a, 32 bits: every single altered byte changes it. */
function checksum(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < start + SUM_AT; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  for (let i = start + BODY_AT; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}

function writeNumber(bytes: Uint8Array, at: number, chars: number, value: number): void {
  for (let i = at + chars - 1; i >= at; i--) {
    bytes[i] = ALPHABET[value % 64]!;
    value = Math.floor(value / 64);
  }
}

function readNumber(bytes: Uint8Array, at: number, chars: number): number {
  let value = 0;
  for (let i = at; i < at + chars; i++) value = value * 64 + VALUE[bytes[i]!]!;
  return value;
}
