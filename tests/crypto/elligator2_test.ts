import fc from "fast-check";
import assert from "node:assert/strict";
import { mapToCurve } from "../../lib/crypto/elligator2.ts";
import VECTORS from "../data/cpace_x25519.json" with { type: "json" };
import { pureTest } from "../support/pure.ts";

const P = 2n ** 255n - 19n;
const A = 486662n;

async function fieldElementOf(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", Uint8Array.fromHex(text)))
    .subarray(0, 32);
}

function isSquare(number: bigint): boolean {
  let result = 1n;
  for (let square = number % P, rest = (P - 1n) / 2n; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = result * square % P;
    square = square * square % P;
  }
  return result === 1n;
}

pureTest("mapToCurve() makes the draft's generator", async () => {
  const { generator_string, g } = VECTORS.generator;
  assert.equal(mapToCurve(await fieldElementOf(generator_string)).toHex(), g);
});

pureTest("mapToCurve() makes points of the curve, never of its twist, and ignores bit 255", () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
    const mapped = mapToCurve(bytes);
    assert.equal(mapped.length, 32);
    const u = BigInt(`0x${mapped.toReversed().toHex()}`);
    assert.ok(u < P);
    if (u !== 0n) assert.ok(isSquare(u * u * u + A * u * u + u));
    assert.deepEqual(mapToCurve(bytes.with(31, bytes[31]! ^ 0x80)), mapped);
  }));
});
