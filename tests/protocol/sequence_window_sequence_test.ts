import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_MISSING_RANGES } from "../../lib/protocol/limits.ts";
import {
  giveUp,
  markSeen,
  placeOf,
  type SequenceWindow,
} from "../../lib/protocol/sequence_window.ts";
import { pureTest } from "../support/pure.ts";

function windowOf(next: number, missing: [number, number][] = []): SequenceWindow {
  return { id: "", epoch: "", next, missing, seenAt: 0 };
}

pureTest("placeOf() tells next, ahead, late and seen, and changes nothing", () => {
  const window = windowOf(10, [[2, 3], [5, 5]]);
  const before = structuredClone(window);
  const places = Array.from({ length: 13 }, (_, q) => placeOf(window, q)[0]).join("");
  assert.equal(places, "ssllslssssnaa");
  assert.deepEqual(window, before);
});

pureTest("markSeen() takes a late message out of what is missing", () => {
  const cases: [number, [number, number][]][] = [
    [2, [[3, 4], [7, 7]]],
    [3, [[2, 2], [4, 4], [7, 7]]],
    [4, [[2, 3], [7, 7]]],
    [7, [[2, 4]]],
  ];
  for (const [sequence, missing] of cases) {
    const window = windowOf(10, [[2, 4], [7, 7]]);
    markSeen(window, sequence);
    assert.deepEqual(window, windowOf(10, missing));
  }
});

pureTest("giveUp() notes what is missing, and nothing for what is not ahead", () => {
  const window = windowOf(5, [[1, 1]]);
  assert.equal(giveUp(window, 5), undefined);
  assert.equal(giveUp(window, 3), undefined);
  assert.deepEqual(window, windowOf(5, [[1, 1]]));
  assert.deepEqual(giveUp(window, 8), [5, 7]);
  assert.deepEqual(window, windowOf(8, [[1, 1], [5, 7]]));
});

pureTest("giveUp() keeps 64 ranges: what is in older ones counts as seen", () => {
  const window = windowOf(0);
  for (let i = 0; i < 100; i++) {
    giveUp(window, 2 * i + 1);
    markSeen(window, 2 * i + 1);
  }
  assert.equal(window.missing.length, MAX_MISSING_RANGES);
  assert.equal(window.next, 200);
  const late = Array.from({ length: 200 }, (_, q) => q).filter((q) =>
    placeOf(window, q) === "late"
  );
  assert.deepEqual(late, Array.from({ length: 64 }, (_, i) => 72 + 2 * i));
});

pureTest("a window takes each number once, in whatever order they come", () => {
  const numbers = fc.array(fc.nat(60), { maxLength: 200 });
  fc.assert(fc.property(numbers, (numbers) => {
    const window = windowOf(0);
    const taken = new Set<number>();
    for (const sequence of numbers) {
      const place = placeOf(window, sequence);
      assert.equal(place === "seen", taken.has(sequence));
      if (place === "seen") continue;
      if (place === "ahead") giveUp(window, sequence);
      markSeen(window, sequence);
      taken.add(sequence);
      const gaps = window.missing.flat();
      assert.deepEqual(gaps, gaps.toSorted((a, b) => a - b));
      assert.ok(window.missing.every(([from, to]) => from <= to && to < window.next));
    }
  }));
});
