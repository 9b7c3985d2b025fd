import fc from "fast-check";
import assert from "node:assert/strict";
import { Ignored } from "../../lib/chat/ignored.ts";
import { MAX_IGNORED } from "../../lib/chat/limits.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Ignored.has() goes by the key alone", () => {
  const ignored = new Ignored();
  ignored.add("b", "bob");
  assert.deepEqual([ignored.has("b"), ignored.has("bob"), ignored.has(undefined)], [
    true,
    false,
    false,
  ]);
});

pureTest("Ignored.names() lists each name once, and named() its keys", () => {
  const ignored = new Ignored();
  for (const [id, name] of [["a", "bob"], ["b", "bob"], ["c", "eve"]]) ignored.add(id!, name!);
  assert.deepEqual(ignored.names(), ["bob", "eve"]);
  assert.deepEqual(ignored.named((name) => name === "bob"), ["a", "b"]);
});

pureTest("Ignored.remove() tells whether any was ignored, and removes all", () => {
  const ignored = new Ignored();
  for (const id of ["a", "b"]) ignored.add(id, "bob");
  assert.equal(ignored.remove(["x", "a", "b"]), true);
  assert.deepEqual(ignored.names(), []);
  assert.equal(ignored.remove(["a"]), false);
  assert.equal(ignored.remove([]), false);
});

pureTest("Ignored.add() keeps the last 1,000", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), (more) => {
      const ignored = new Ignored();
      for (let i = 0; i < MAX_IGNORED + more; i++) ignored.add(`${i}`, `n${i}`);
      assert.equal(ignored.names().length, MAX_IGNORED);
      assert.deepEqual([ignored.has(`${more - 1}`), ignored.has(`${more}`)], [false, true]);
    }),
    { numRuns: 10 },
  );
});
