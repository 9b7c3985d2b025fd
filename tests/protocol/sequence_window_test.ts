import fc from "fast-check";
import assert from "node:assert/strict";
import { MAX_MISSING_RANGES } from "../../lib/protocol/limits.ts";
import {
  boundMissing,
  mergeWindows,
  type SequenceWindow,
} from "../../lib/protocol/sequence_window.ts";
import { formatNumber, formatWindow, parseNumber, parseWindow } from "../../lib/storage/seen.ts";
import { pureTest } from "../support/pure.ts";
import { anyWindow, EPOCHS, hasSeen, ID, seenIn, windowOf } from "../support/seen_states.ts";

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

pureTest("parseWindow() reads what formatWindow() writes", () => {
  fc.assert(fc.property(anyWindow, (window) => {
    assert.deepEqual(parseWindow(formatWindow(window)), window);
  }));
  const line = `${ID} ${EPOCHS[0]} 10 1785571200 3-3,5-9`;
  assert.deepEqual(parseWindow(line), {
    id: ID,
    epoch: EPOCHS[0],
    next: 10,
    missing: [[3, 3], [5, 9]],
    seenAt: 1785571200,
  });
});

pureTest("parseWindow() refuses every other line", () => {
  const names = `${ID} ${EPOCHS[0]}`;
  const lines = ["", names, `${names} 10 5`, `${names} 10 5 `, `${names} 10 5 - -`];
  lines.push(`${names} 10 5 3`, `${names} 10 5 3-`, `${names} 10 5 -3`, `${names} 10 5 3-3-3`);
  lines.push(`${names} 10 5 3-3,`, `${names} 10 5 4-3`, `${names} 10 5 3-5,5-6`);
  lines.push(`${names} 10 5 5-6,3-3`, `${names} 10 5 3-10`, `${names} 0 5 0-0`, `${names}  10 5 -`);
  lines.push(`${names} 01 5 -`, `${names} +1 5 -`, `${names} 1e3 5 -`, `${names} 1.5 5 -`);
  lines.push(`${names} -1 5 -`, `${names} 9007199254740992 5 -`, `${names} 10 5 -\r`);
  lines.push(`${ID.slice(1)} ${EPOCHS[0]} 1 5 -`, `${ID.slice(0, -1)}N ${EPOCHS[0]} 1 5 -`);
  lines.push(`${ID} ${EPOCHS[0]!.slice(1)} 1 5 -`, `${ID} AAAAAAAAAAB 1 5 -`, `${ID}  1 5 -`);
  const ranges = Array.from({ length: MAX_MISSING_RANGES + 1 }, (_, i) => `${2 * i}-${2 * i}`);
  lines.push(`${names} 1000 5 ${ranges.join(",")}`);
  for (const line of lines) assert.throws(() => parseWindow(line), RangeError, line);
  parseWindow(`${names} 1000 5 ${ranges.slice(1).join(",")}`);
});

pureTest("formatNumber() and parseNumber() take whole numbers from 0 to 2^53 - 1", () => {
  for (const number of [0, 1, 17, Number.MAX_SAFE_INTEGER]) {
    assert.equal(parseNumber(formatNumber(number)), number);
  }
  for (const number of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => formatNumber(number), RangeError);
  }
  for (const text of ["", "00", "-0", " 1", "1 ", "0x1", "١", undefined]) {
    assert.throws(() => parseNumber(text), RangeError);
  }
});
