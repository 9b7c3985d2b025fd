import assert from "node:assert/strict";
import { concat } from "../../lib/bytes/concat.ts";
import { pureTest } from "../support/pure.ts";

pureTest("concat() joins any number of arrays in order", () => {
  const [a, b, none] = [Uint8Array.of(1, 2), Uint8Array.of(3), new Uint8Array()];
  assert.deepEqual(concat(), none);
  assert.deepEqual(concat(none), none);
  assert.deepEqual(concat(a), Uint8Array.of(1, 2));
  assert.deepEqual(concat(b, a, none, b), Uint8Array.of(3, 1, 2, 3));
});

pureTest("concat() shares no memory with its parts", () => {
  const part = Uint8Array.of(1, 2);
  const joined = concat(part);
  part.fill(9);
  assert.deepEqual(joined, Uint8Array.of(1, 2));
});

pureTest("concat() takes from a view what it shows", () => {
  const bytes = Uint8Array.of(0, 1, 2, 3, 4);
  const joined = concat(bytes.subarray(1, 3), bytes.subarray(4));
  assert.deepEqual(joined, Uint8Array.of(1, 2, 4));
  assert.equal(joined.buffer.byteLength, 3);
});
