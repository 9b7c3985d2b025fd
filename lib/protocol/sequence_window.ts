/**
 * Sequence windows: which messages of one sender's epoch have been seen.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { MAX_MISSING_RANGES } from "./limits.ts";

/** A range of sequence numbers, both ends included. */
export type SequenceRange = readonly [from: number, to: number];

/**
 * Tells which messages of one sender's epoch have been seen: all below `next`, except `missing`.
 */
export interface SequenceWindow {
  /** The sender's public key in base64url, 43 characters. */
  readonly id: string;
  /** The sender's epoch in base64url, 11 characters. */
  readonly epoch: string;
  /** The sequence number after the highest one that was seen. */
  next: number;
  /** The numbers below `next` that were not seen, as ascending, disjoint ranges. */
  missing: SequenceRange[];
  /**
   * When the window was last of use, in whole unix seconds. The time of no message counted here is
   * later. After the window is dropped, none of these messages is therefore taken for new.
   */
  seenAt: number;
}

/** Where a message stands among the messages of its sender. */
export type Place =
  /** It is the one that is expected. */
  | "next"
  /** Messages before it have not come. */
  | "ahead"
  /** It had been given up, and comes now. */
  | "late"
  /** It has come before. */
  | "seen";

/** Makes the key of a window from the sender's public key and epoch, both in base64url. */
export function windowKey(id: string, epoch: string): string {
  return `${id} ${epoch}`;
}

/**
 * Joins two windows of one epoch. A message that was seen in one of them is seen in the result.
 *
 * @returns A new window, within the bound of {@linkcode boundMissing}.
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
 * Lets the lowest missing ranges count as seen, until no more than `MAX_MISSING_RANGES` are left.
 */
export function boundMissing({ missing }: SequenceWindow): void {
  missing.splice(0, Math.max(0, missing.length - MAX_MISSING_RANGES));
}

/** What a window misses of all numbers below `next`, which is not below the window's own. */
function missingBelow(next: number, window: SequenceWindow): SequenceRange[] {
  return next > window.next ? [...window.missing, [window.next, next - 1]] : window.missing;
}

/** The numbers that are in both of two lists of ascending, disjoint ranges. */
function intersect(a: readonly SequenceRange[], b: readonly SequenceRange[]): SequenceRange[] {
  const both: SequenceRange[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [aFrom, aTo] = a[i]!;
    const [bFrom, bTo] = b[j]!;
    const from = Math.max(aFrom, bFrom);
    const to = Math.min(aTo, bTo);
    const last = both.at(-1);
    // Ranges without a gap between them become one, so that each set of numbers has one form.
    if (last && from <= to && from === last[1] + 1) both[both.length - 1] = [last[0], to];
    else if (from <= to) both.push([from, to]);
    if (aTo < bTo) i++;
    else j++;
  }
  return both;
}

/**
 * Tells where a message stands among the messages of its sender.
 *
 * @param window What has been seen of the sender's epoch.
 * @param sequence The message's number.
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
 * @param window What has been seen of the sender's epoch. It is changed.
 * @param sequence The message's number: the next one, or one that is missing.
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
 * Gives up on all messages before one. They become missing, and that one is the next. Of more than
 * `MAX_MISSING_RANGES` ranges, the lowest count as seen.
 *
 * @param window What has been seen of the sender's epoch. It is changed.
 * @param sequence The number of the message that becomes the next one.
 * @returns The numbers that were given up; undefined if there are none.
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
