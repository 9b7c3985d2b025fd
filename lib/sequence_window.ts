/**
 * Which messages of one sender have been seen: joining two such windows, and their text.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { parseBase64Url } from "./base64url.ts";
import { PUBLIC_KEY_BYTES } from "./ed25519.ts";
import { MAX_MISSING_RANGES } from "./limits.ts";

/** 48 bits of time and 16 random ones. */
const EPOCH_BYTES = 8;

/** A range of sequence numbers, both ends included. */
export type SequenceRange = [from: number, to: number];

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
 * @example
 * ```ts
 * boundMissing({ id: "a", epoch: "e", next: 5, missing: [[1, 3]], seenAt: 0 });
 * ```
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
    if (last && from <= to && from === last[1] + 1) last[1] = to;
    else if (from <= to) both.push([from, to]);
    if (aTo < bTo) i++;
    else j++;
  }
  return both;
}

/**
 * Writes a window on one line.
 *
 * @param window Within the bound of {@linkcode boundMissing}.
 * @returns `<id> <epoch> <next> <seen at> <missing>`, where missing is `-` or such as `3-3,5-9`.
 * @throws {RangeError} If a number is not one that {@linkcode formatNumber} takes.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const window: SequenceWindow = { id: "a", epoch: "e", next: 5, missing: [[1, 3]], seenAt: 0 };
 * assert.equal(formatWindow(window), "a e 5 0 1-3");
 * ```
 */
export function formatWindow({ id, epoch, next, seenAt, missing }: SequenceWindow): string {
  const ranges = missing.map((range) => range.map(formatNumber).join("-")).join(",");
  return `${id} ${epoch} ${formatNumber(next)} ${formatNumber(seenAt)} ${ranges || "-"}`;
}

/**
 * Reads a window.
 *
 * @param line As {@linkcode formatWindow} returns it.
 * @throws {RangeError} If it is anything else.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const line = `${"A".repeat(43)} ${"A".repeat(11)} 5 0 1-3`;
 * assert.deepEqual(parseWindow(line).missing, [[1, 3]]);
 * ```
 */
export function parseWindow(line: string): SequenceWindow {
  const [id = "", epoch = "", next, seenAt, ranges, ...more] = line.split(" ");
  const isNamed = parseBase64Url(id, PUBLIC_KEY_BYTES) && parseBase64Url(epoch, EPOCH_BYTES);
  if (!isNamed || more.length > 0) {
    throw new RangeError("Cannot parse what was seen: a line is not a window");
  }
  const window = { id, epoch, next: parseNumber(next), seenAt: parseNumber(seenAt) };
  return { ...window, missing: parseRanges(ranges, window.next) };
}

/** Reads ranges that ascend, do not meet, and end below `next`. */
function parseRanges(text: string | undefined, next: number): SequenceRange[] {
  if (text === "-") return [];
  let end = -1;
  const ranges = (text ?? "").split(",").map((range): SequenceRange => {
    const [from, to, ...more] = range.split("-");
    const parsed: SequenceRange = [parseNumber(from), parseNumber(to)];
    if (parsed[0] <= end || parsed[1] < parsed[0] || more.length > 0) {
      throw new RangeError("Cannot parse what was seen: ranges do not ascend");
    }
    end = parsed[1];
    return parsed;
  });
  if (end >= next || ranges.length > MAX_MISSING_RANGES) {
    throw new RangeError("Cannot parse what was seen: ranges above their bound");
  }
  return ranges;
}

/**
 * Writes a whole number from 0 to 2^53 - 1.
 *
 * @param number As it says.
 * @throws {RangeError} If it is anything else: what could not be read again is not written.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(formatNumber(17), "17");
 * ```
 */
export function formatNumber(number: number): string {
  if (Number.isSafeInteger(number) && number >= 0) return String(number);
  throw new RangeError(`Cannot write what was seen: ${number} is not a whole number`);
}

/**
 * Reads a whole number from 0 to 2^53 - 1.
 *
 * @param text Decimal digits without leading zeros.
 * @throws {RangeError} If it is anything else.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(parseNumber("17"), 17);
 * ```
 */
export function parseNumber(text = ""): number {
  const number = Number(text);
  if (/^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(number)) return number;
  throw new RangeError("Cannot parse what was seen: not a whole number");
}
