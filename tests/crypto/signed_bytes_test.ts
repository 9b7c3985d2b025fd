import assert from "node:assert/strict";
import { concat } from "../../lib/bytes/concat.ts";
import { label } from "../../lib/crypto/signed_bytes.ts";
import { pureTest } from "../support/pure.ts";

pureTest("label() ends in a zero byte", () => {
  assert.deepEqual([...label("ab")], [0x61, 0x62, 0]);
  assert.deepEqual([...label("")], [0]);
});

pureTest("concat() joins copies of the parts, in order", () => {
  const part = new Uint8Array([1, 2]);
  const joined = concat(part, new Uint8Array(), part.subarray(1), new Uint8Array([3]));
  assert.deepEqual([...joined], [1, 2, 2, 3]);
  part.fill(9);
  assert.deepEqual([...joined], [1, 2, 2, 3]);
  assert.equal(concat().length, 0);
});
