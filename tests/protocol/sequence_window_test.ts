import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_MISSING_RANGES } from "../../lib/protocol/limits.ts";
import {
  boundMissing,
  giveUp,
  markSeen,
  mergeWindows,
  placeOf,
  type SequenceWindow,
} from "../../lib/protocol/sequence_window.ts";
import { pureTest } from "../support/pure.ts";
import { anyWindow, EPOCHS, hasSeen, ID, seenIn, windowOf } from "../support/seen_states.ts";

function windowWith(next: number, missing: [number, number][] = []): SequenceWindow {
  return { id: "", epoch: "", next, missing, seenAt: 0 };
}

pureTest("placeOf() tells next, ahead, late and seen, and changes nothing", () => {
  const window = windowWith(10, [[2, 3], [5, 5]]);
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
    const window = windowWith(10, [[2, 4], [7, 7]]);
    markSeen(window, sequence);
    assert.deepEqual(window, windowWith(10, missing));
  }
});

pureTest("giveUp() notes what is missing, and nothing for what is not ahead", () => {
  const window = windowWith(5, [[1, 1]]);
  assert.equal(giveUp(window, 5), undefined);
  assert.equal(giveUp(window, 3), undefined);
  assert.deepEqual(window, windowWith(5, [[1, 1]]));
  assert.deepEqual(giveUp(window, 8), [5, 7]);
  assert.deepEqual(window, windowWith(8, [[1, 1], [5, 7]]));
});

pureTest("giveUp() keeps 64 ranges: what is in older ones counts as seen", () => {
  const window = windowWith(0);
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
    const window = windowWith(0);
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

/** A window that misses every second message, the first included. */
function holed(ranges: number): SequenceWindow {
  const missing = Array.from({ length: ranges }, (_, i): [number, number] => [2 * i, 2 * i]);
  return { id: ID, epoch: EPOCHS[0]!, next: 2 * ranges + 1, missing, seenAt: 1 };
}

pureTest("mergeWindows() has seen exactly what either has", () => {
  fc.assert(fc.property(anyWindow, anyWindow, (a, b) => {
    const merged = mergeWindows(a, b);
    assert.deepEqual(seenIn(merged), seenIn(a).union(seenIn(b)));
    // The set alone decides the form.
    assert.deepEqual(merged.missing, windowOf(seenIn(merged)).missing);
    assert.equal(merged.next, Math.max(a.next, b.next));
    assert.equal(merged.seenAt, Math.max(a.seenAt, b.seenAt));
  }));
});

pureTest("mergeWindows() changes neither, and shares nothing with them", () => {
  fc.assert(fc.property(anyWindow, anyWindow, (a, b) => {
    const [aBefore, bBefore] = [structuredClone(a), structuredClone(b)];
    const merged = mergeWindows(a, b);
    for (const range of merged.missing) (range as [number, number])[0] = -1;
    merged.missing.length = 0;
    assert.deepEqual([a, b], [aBefore, bBefore]);
  }));
});

pureTest("mergeWindows() joins ranges that meet", () => {
  const a = { ...holed(0), next: 9, missing: [[1, 2], [3, 8]] } as SequenceWindow;
  assert.deepEqual(mergeWindows(a, a).missing, [[1, 8]]);
  const b = { ...a, next: 5, missing: [[4, 4]] } as SequenceWindow;
  assert.deepEqual(mergeWindows(a, b).missing, [[4, 8]]);
});

pureTest("mergeWindows() takes a jump of a million as one range", () => {
  const near = windowOf(new Set([0, 1, 2]));
  const far = { ...near, next: 1_000_001, missing: [[0, 999_999]] } as SequenceWindow;
  assert.deepEqual(mergeWindows(near, far).missing, [[3, 999_999]]);
});

pureTest("boundMissing() lets the lowest ranges count as seen, and no other", () => {
  const full = holed(MAX_MISSING_RANGES);
  boundMissing(full);
  assert.deepEqual(full, holed(MAX_MISSING_RANGES));
  const over = holed(MAX_MISSING_RANGES + 2);
  boundMissing(over);
  assert.equal(over.missing.length, MAX_MISSING_RANGES);
  assert.deepEqual([0, 2, 4].map((sequence) => hasSeen(over, sequence)), [true, true, false]);
});

pureTest("mergeWindows() stays within the bound, and forgets nothing seen by it", () => {
  const a = holed(2 * MAX_MISSING_RANGES);
  const merged = mergeWindows(a, { ...a, missing: [[0, a.next - 1]] });
  assert.ok(merged.missing.length <= MAX_MISSING_RANGES);
  for (let sequence = 0; sequence < a.next; sequence++) {
    if (hasSeen(a, sequence)) assert.ok(hasSeen(merged, sequence));
  }
});
