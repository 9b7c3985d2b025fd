/**
 * The order of one sender's messages: which has been seen, which is next,
 * which is missing.
 *
 * @module
 * @see docs/PROTOCOL.md, "Order"
 */

import { MAX_MISSING_RANGES } from "./limits.ts";
import type { SequenceWindow } from "./seen.ts";

/** Where a message stands among its sender's. */
export type Place =
  /** The one expected. */
  | "next"
  /** Others before it have not come. */
  | "ahead"
  /** It was given up, and comes after all. */
  | "late"
  /** It has come before. */
  | "seen";

/** Numbers of messages, both ends included. */
export type Range = readonly [from: number, to: number];

/**
 * Tells where a message stands. Changes nothing.
 *
 * @param window What has been seen of its sender's epoch.
 * @param sequence Its number.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window = { id: "", epoch: "", next: 5, missing: [[2, 3]] as [number, number][], seenAt: 0 };
 * assert.deepEqual([1, 2, 5, 6].map((q) => placeOf(window, q)), ["seen", "late", "next", "ahead"]);
 * ```
 */
export function placeOf(window: SequenceWindow, sequence: number): Place {
  if (sequence === window.next) return "next";
  if (sequence > window.next) return "ahead";
  const isMissing = window.missing.some(([from, to]) => sequence >= from && sequence <= to);
  return isMissing ? "late" : "seen";
}

/**
 * Notes that a message has come.
 *
 * @param window What has been seen of its sender's epoch; changed.
 * @param sequence Its number: the next one, or one that is missing.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window = { id: "", epoch: "", next: 5, missing: [[1, 3]] as [number, number][], seenAt: 0 };
 * markSeen(window, 2);
 * assert.deepEqual(window.missing, [[1, 1], [3, 3]]);
 * ```
 */
export function markSeen(window: SequenceWindow, sequence: number): void {
  if (sequence === window.next) {
    window.next++;
    return;
  }
  window.missing = window.missing.flatMap(([from, to]): [number, number][] => {
    if (sequence < from || sequence > to) return [[from, to]];
    const parts: [number, number][] = [[from, sequence - 1], [sequence + 1, to]];
    return parts.filter(([first, last]) => first <= last);
  });
}

/**
 * Gives up on all before a message: they are missing, and it is the next one.
 *
 * @param window What has been seen of its sender's epoch; changed.
 * @param sequence The message's number.
 * @returns What was given up; undefined if nothing was missing. Of more than 64 ranges the
 * oldest are forgotten: what is in them counts as seen.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window = { id: "", epoch: "", next: 5, missing: [], seenAt: 0 };
 * assert.deepEqual(giveUp(window, 7), [5, 6]);
 * assert.equal(window.next, 7);
 * ```
 */
export function giveUp(window: SequenceWindow, sequence: number): Range | undefined {
  if (sequence <= window.next) return undefined;
  const range: [number, number] = [window.next, sequence - 1];
  window.missing = [...window.missing, range].slice(-MAX_MISSING_RANGES);
  window.next = sequence;
  return range;
}
