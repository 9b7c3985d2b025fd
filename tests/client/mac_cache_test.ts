import fc from "fast-check";
import assert from "node:assert/strict";
import { MacCache } from "../../lib/client/mac_cache.ts";
import { pureTest } from "../support/pure.ts";

function macOf(number: number): Uint8Array {
  const mac = new Uint8Array(32);
  new DataView(mac.buffer).setUint32(28, number);
  return mac;
}

pureTest("MacCache.add() knows a MAC again by its bytes", () => {
  const cache = new MacCache({ maxEntries: 10, keepMs: 1000 });
  assert.equal(cache.add(macOf(1), 5, 0), true);
  assert.equal(cache.add(macOf(2), 5, 0), true);
  for (const now of [0, 1, 500, 1000]) assert.equal(cache.add(macOf(1), 5, now), false);
  assert.equal(cache.size, 2);
});

pureTest("MacCache.add() forgets a MAC after its time, counted from its first coming", () => {
  const cache = new MacCache({ maxEntries: 10, keepMs: 1000 });
  cache.add(macOf(1), 5, 100);
  assert.equal(cache.add(macOf(1), 5, 1100), false);
  assert.equal(cache.add(macOf(1), 5, 1101), true);
  assert.deepEqual([cache.size, cache.floor], [1, 0]);
});

pureTest("MacCache.add() forgets the oldest for want of room, and raises the floor", () => {
  const cache = new MacCache({ maxEntries: 3, keepMs: 1000 });
  for (const [i, time] of [50, 70, 60].entries()) cache.add(macOf(i), time, i);
  assert.equal(cache.floor, 0);
  const floors: number[] = [];
  for (let i = 3; i < 6; i++) {
    cache.add(macOf(i), 10, i);
    floors.push(cache.floor);
  }
  assert.deepEqual([cache.size, floors], [3, [50, 70, 70]]);
  assert.equal(cache.add(macOf(5), 10, 6), false);
  assert.equal(cache.add(macOf(0), 50, 6), true, "forgotten, and so the floor has to tell");
});

pureTest("MacCache.add() takes none twice without saying so by its floor", () => {
  const steps = fc.array(fc.tuple(fc.nat(12), fc.nat(30)), { maxLength: 100 });
  fc.assert(fc.property(steps, (steps) => {
    const limits = { maxEntries: 5, keepMs: 100 };
    const cache = new MacCache(limits);
    const seenAt = new Map<number, number>();
    let now = 0;
    for (const [number, wait] of steps) {
      now += wait;
      const tokenTime = 1000 + number;
      const floor = cache.floor;
      const isNew = cache.add(macOf(number), tokenTime, now);
      const before = seenAt.get(number);
      const isRecent = before !== undefined && now - before <= limits.keepMs;
      if (isRecent) assert.ok(!isNew || tokenTime <= floor);
      else assert.equal(isNew, true);
      if (isNew) seenAt.set(number, now);
      assert.ok(cache.size <= limits.maxEntries);
      assert.ok(cache.floor >= floor);
    }
  }));
});
