/**
 * Which messages of one sender have been seen: joining two such windows, and their text.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { MAX_MISSING_RANGES } from "./limits.ts";

/** A range of sequence numbers, both ends included. */
export type SequenceRange = readonly [from: number, to: number];

/** Which messages of one sender's epoch have been seen: all below `next`, but for `missing`. */
export interface SequenceWindow {
  /** The sender's public key in base64url, 43 characters. */
  readonly id: string;
  /** The sender's epoch in base64url, 11 characters. */
  readonly epoch: string;
  /** The sequence number after the highest that was seen. */
  next: number;
  /** What was not seen below `next`: ascending and disjoint. */
  missing: SequenceRange[];
  /**
   * When it was last of use, in whole unix s: not before the time of any message counted here, or
   * dropping the window would let such a message in again.
   */
  seenAt: number;
}

/**
 * Makes the key of a window.
 *
 * @param id Public key in base64url.
 * @param epoch Epoch in base64url.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(windowKey("F8t5", "AZ-8"), "F8t5 AZ-8");
 * ```
 */
export function windowKey(id: string, epoch: string): string {
  return `${id} ${epoch}`;
}

/**
 * Joins two windows of one epoch: seen in either is seen.
 *
 * @param a One; not changed, nor shared with the result.
 * @param b The other, likewise.
 * @returns Both, within the bound of {@linkcode boundMissing}.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const a: SequenceWindow = { id: "a", epoch: "e", next: 5, missing: [[1, 3]], seenAt: 0 };
 * const merged = mergeWindows(a, { ...a, next: 9, missing: [[2, 2], [4, 6]] });
 * assert.deepEqual(merged, { ...a, next: 9, missing: [[2, 2], [5, 6]] });
 * ```
 */
export function mergeWindows(a: SequenceWindow, b: SequenceWindow): SequenceWindow {
  const next = Math.max(a.next, b.next);
  const missing = intersect(missingBelow(next, a), missingBelow(next, b));
  const seenAt = Math.max(a.seenAt, b.seenAt);
  const window = { id: a.id, epoch: a.epoch, next, missing, seenAt };
  boundMissing(window);
  return window;
}

/**
 * Lets the lowest missing ranges count as seen, above `MAX_MISSING_RANGES`.
 *
 * @param window Changed in place.
 */
export function boundMissing({ missing }: SequenceWindow): void {
  missing.splice(0, Math.max(0, missing.length - MAX_MISSING_RANGES));
}

/** What a window misses of all below `next`, which may be above its own. */
function missingBelow(next: number, window: SequenceWindow): SequenceRange[] {
  return next > window.next ? [...window.missing, [window.next, next - 1]] : window.missing;
}

/** What is in both of two lists of ascending, disjoint ranges. */
function intersect(a: readonly SequenceRange[], b: readonly SequenceRange[]): SequenceRange[] {
  const both: SequenceRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [aFrom, aTo] = a[i]!;
    const [bFrom, bTo] = b[j]!;
    const from = Math.max(aFrom, bFrom);
    const to = Math.min(aTo, bTo);
    const last = both.at(-1);
    // Ranges that meet become one, so that each set has one form.
    if (last && from <= to && from === last[1] + 1) both[both.length - 1] = [last[0], to];
    else if (from <= to) both.push([from, to]);
    if (aTo < bTo) i++;
    else j++;
  }
  return both;
}

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

/**
 * Tells where a message stands. Changes nothing.
 *
 * @param window What has been seen of its sender's epoch.
 * @param sequence Its number.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window = { id: "", epoch: "", next: 5, missing: [[2, 3]] as SequenceRange[], seenAt: 0 };
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
 * const window = { id: "", epoch: "", next: 5, missing: [[1, 3]] as SequenceRange[], seenAt: 0 };
 * markSeen(window, 2);
 * assert.deepEqual(window.missing, [[1, 1], [3, 3]]);
 * ```
 */
export function markSeen(window: SequenceWindow, sequence: number): void {
  if (sequence === window.next) {
    window.next++;
    return;
  }
  window.missing = window.missing.flatMap(([from, to]): SequenceRange[] => {
    if (sequence < from || sequence > to) return [[from, to]];
    const parts: SequenceRange[] = [[from, sequence - 1], [sequence + 1, to]];
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
export function giveUp(window: SequenceWindow, sequence: number): SequenceRange | undefined {
  if (sequence <= window.next) return undefined;
  const range: SequenceRange = [window.next, sequence - 1];
  window.missing = [...window.missing, range].slice(-MAX_MISSING_RANGES);
  window.next = sequence;
  return range;
}
