import fc from "fast-check";
import assert from "node:assert/strict";
import { Tally } from "../../lib/storage/tally.ts";
import { pureTest } from "../support/pure.ts";

pureTest("Tally knows who has the most, and the total, whatever is added and taken", () => {
  const step = fc.record({ key: fc.constantFrom("a", "b", "c", "d"), more: fc.integer() });
  fc.assert(fc.property(fc.array(step), (steps) => {
    const tally = new Tally();
    const counts = new Map<string, number>();
    assert.deepEqual([tally.most, tally.total, tally.of("a")], [undefined, 0, 0]);
    for (const { key, more } of steps) {
      const before = counts.get(key) ?? 0;
      const change = Math.max(-before, more % 50);
      tally.add(key, change);
      counts.set(key, before + change);
      const highest = Math.max(...counts.values());
      assert.equal(tally.of(tally.most ?? ""), highest);
      assert.equal(tally.of(key), counts.get(key));
      assert.equal(tally.total, counts.values().reduce((sum, count) => sum + count, 0));
    }
  }));
});

pureTest("Tally.most is the key that came first to the highest count", () => {
  const tally = new Tally();
  for (const [key, more] of [["a", 2], ["b", 3], ["c", 3], ["a", 1]] as const) tally.add(key, more);
  assert.equal(tally.most, "b");
  tally.add("b", -3);
  assert.equal(tally.most, "c");
});
