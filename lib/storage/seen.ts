/**
 * Which messages have been seen in a room, as it is kept from one run to the
 * next and joined when several clients of one member saw different ones.
 *
 * @module
 * @see docs/PROTOCOL.md, "Replay"
 */

import { parseBase64Url } from "../bytes/base64url.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/ed25519.ts";
import { EPOCH_BYTES } from "../protocol/header.ts";
import { MAX_MISSING_RANGES } from "../protocol/limits.ts";
import {
  boundMissing,
  mergeWindows,
  type SequenceRange,
  type SequenceWindow,
  windowKey,
} from "../protocol/sequence_window.ts";
import { MAX_WINDOWS } from "./limits.ts";
import type { SharedFormat } from "./shared_file.ts";

/**
 * Writes a window on one line.
 *
 * @param window Within the bound of {@linkcode boundMissing}.
 * @returns `<id> <epoch> <next> <seen at> <missing>`, where missing is `-` or such as `3-3,5-9`.
 * @throws {RangeError} If a number is not one that {@linkcode formatNumber} takes.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const missing: [number, number][] = [[1, 3]];
 * const window = { id: "a", epoch: "e", next: 5, missing, seenAt: 0 };
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

/** All that has been seen in one room. */
export interface SeenState {
  /** Newest Fernet time seen, in whole unix s: a plain token at or below it is not live after a start. */
  newestTime: number;
  /**
   * In whole unix s. Up to here windows have been dropped: a signed message without a window, or a
   * plain one, of this time or before is never live.
   */
  floor: number;
  /** By {@linkcode windowKey}. */
  windows: Map<string, SequenceWindow>;
}

/**
 * Joins what two clients have seen: seen by either is seen.
 *
 * @param disk What one has seen; not changed, nor shared with the result.
 * @param mine What the other has seen; not changed, nor shared with the result.
 * @returns Both, within the bounds of {@linkcode boundSeen}.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * const state = (next: number, missing: [number, number][]): SeenState => {
 *   const window = { id: "a", epoch: "e", next, missing, seenAt: 0 };
 *   return { newestTime: 0, floor: 0, windows: new Map([["a e", window]]) };
 * };
 * const merged = mergeSeen(state(5, [[1, 3]]), state(9, [[2, 2], [4, 6]]));
 * assert.deepEqual(merged, state(9, [[2, 2], [5, 6]]));
 * ```
 */
export function mergeSeen(disk: SeenState, mine: SeenState): SeenState {
  const windows = new Map<string, SequenceWindow>();
  for (const [key, window] of disk.windows) {
    const other = mine.windows.get(key);
    windows.set(key, mergeWindows(window, other ?? window));
  }
  for (const [key, window] of mine.windows) {
    if (!disk.windows.has(key)) windows.set(key, mergeWindows(window, window));
  }
  const merged = {
    newestTime: Math.max(disk.newestTime, mine.newestTime),
    floor: Math.max(disk.floor, mine.floor),
    windows,
  };
  boundSeen(merged);
  return merged;
}

/**
 * Holds a state to its bounds; cheap while it is within them.
 *
 * Above `MAX_WINDOWS` windows, those used longest ago are dropped, and `floor` rises to their
 * time. Above `MAX_MISSING_RANGES` ranges of a window, the lowest count as seen from then on.
 *
 * @param state Changed in place.
 * @example
 * ```ts
 * boundSeen({ newestTime: 0, floor: 0, windows: new Map() });
 * ```
 */
export function boundSeen(state: SeenState): void {
  const { windows } = state;
  for (const window of windows.values()) boundMissing(window);
  if (windows.size <= MAX_WINDOWS) return;
  const oldestFirst = [...windows].sort(([a, { seenAt: aTime }], [b, { seenAt: bTime }]) =>
    aTime - bTime || (a < b ? -1 : 1)
  );
  for (const [key, { seenAt }] of oldestFirst.slice(0, windows.size - MAX_WINDOWS)) {
    windows.delete(key);
    state.floor = Math.max(state.floor, seenAt);
  }
}

/**
 * The file: `seen1 <newest time> <floor> <number of windows>`, then one window a
 * line, as `formatWindow()` writes it.
 *
 * Where a file was damaged, nothing up to now is live any more.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(SEEN_FORMAT.format(SEEN_FORMAT.empty()), "seen1 0 0 0\n");
 * ```
 */
export const SEEN_FORMAT: SharedFormat<SeenState> = {
  empty: () => ({ newestTime: 0, floor: 0, windows: new Map() }),
  lost: () => {
    const now = Math.floor(Date.now() / 1000);
    return { newestTime: now, floor: now, windows: new Map() };
  },
  parse: parseSeen,
  format: formatSeen,
  merge: mergeSeen,
};

function formatSeen({ newestTime, floor, windows }: SeenState): string {
  const lines = Array.from(windows.values(), (window) => `${formatWindow(window)}\n`);
  return `seen1 ${formatNumber(newestTime)} ${formatNumber(floor)} ${windows.size}\n${
    lines.join("")
  }`;
}

function parseSeen(text: string): SeenState {
  const [head = "", ...lines] = text.split("\n");
  const [version, newestTime, floor, count, ...more] = head.split(" ");
  const windows = new Map<string, SequenceWindow>();
  for (const line of lines.slice(0, -1)) {
    const window = parseWindow(line);
    windows.set(windowKey(window.id, window.epoch), window);
  }
  // The count and the last line's end tell a file that was cut off or has a window twice.
  const isWhole = windows.size === parseNumber(count) && windows.size === lines.length - 1 &&
    lines.at(-1) === "";
  if (version !== "seen1" || more.length > 0 || !isWhole || windows.size > MAX_WINDOWS) {
    throw new RangeError("Cannot parse what was seen: head and lines do not fit");
  }
  return { newestTime: parseNumber(newestTime), floor: parseNumber(floor), windows };
}
