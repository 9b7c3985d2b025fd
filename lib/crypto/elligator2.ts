/**
 * The map Elligator 2 from numbers to points of Curve25519, of which only u is used.
 *
 * It does not take the same time for each input. So it is for secrets that are used once.
 *
 * @module
 * @see https://www.rfc-editor.org/rfc/rfc9380#section-6.7.1
 */

/** Bytes of a u coordinate. */
const COORDINATE_BYTES = 32;
/** p = 2^255 - 19, the order of the field. */
const FIELD = 2n ** 255n - 19n;
/** The curve is v^2 = u^3 + A u^2 + u. */
const A = 486662n;

/**
 * Maps 32 bytes to a point.
 *
 * @param bytes 32 bytes of any value, little-endian. The highest bit is ignored.
 * @returns The u coordinate of the point, 32 bytes, little-endian.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(mapToCurve(new Uint8Array(32)), new Uint8Array(32));
 * ```
 */
export function mapToCurve(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const r = BigInt.asUintN(255, BigInt(`0x${bytes.toReversed().toHex()}`)) % FIELD;
  // 2 is no square, so that 1 + 2 r^2 is never 0.
  const u = reduce(-A * power(1n + 2n * r * r, FIELD - 2n));
  const right = reduce(u * u * u + A * u * u + u);
  const isSquare = power(right, (FIELD - 1n) / 2n) !== FIELD - 1n;
  const hex = (isSquare ? u : reduce(-u - A)).toString(16).padStart(2 * COORDINATE_BYTES, "0");
  return Uint8Array.fromHex(hex).reverse();
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = reduce(base), rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % FIELD;
    square = square * square % FIELD;
  }
  return result;
}

function reduce(number: bigint): bigint {
  return (number % FIELD + FIELD) % FIELD;
}
