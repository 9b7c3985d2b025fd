/**
 * CRC-32, which tells whether bytes came to a file whole. It protects from accidents, not from people.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-8
 */

/** The polynomial of Ethernet and gzip, its bits reversed. */
const POLYNOMIAL = 0xedb88320;

/** The remainder of each byte. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) {
    remainder = remainder & 1 ? remainder >>> 1 ^ POLYNOMIAL : remainder >>> 1;
  }
  return remainder;
});

/**
 * Computes the CRC-32 of some bytes.
 *
 * @param bytes Any number of bytes.
 * @param before The CRC-32 of the bytes before them, if there are any.
 * @returns A whole number from 0 to 2^32 - 1.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const encoder = new TextEncoder();
 * assert.equal(crc32(encoder.encode("123456789")), 0xcbf43926);
 * assert.equal(crc32(encoder.encode("789"), crc32(encoder.encode("123456"))), 0xcbf43926);
 * ```
 */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) {
    crc = REMAINDERS[(crc ^ bytes[i]!) & 0xff]! ^ crc >>> 8;
  }
  return ~crc >>> 0;
}
