import fc from "fast-check";
import assert from "node:assert/strict";
import { crc32 as crc32OfZlib } from "node:zlib";
import { crc32 } from "../../lib/bytes/crc32.ts";
import { pureTest } from "../support/pure.ts";

pureTest("crc32() agrees with zlib, in one piece and in two", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(300), (bytes, cut) => {
    const expected = crc32OfZlib(bytes);
    assert.equal(crc32(bytes), expected);
    assert.equal(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), expected);
  }));
});
